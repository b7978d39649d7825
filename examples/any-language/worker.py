"""A warm child in Python: counts the letters of a text. Speaks the protocol of docs/protocol.md."""

import json
import sys


def say(message):
    # One line per message, and at once: Python keeps output back otherwise.
    print(json.dumps(message), flush=True)


def work(request):
    text = request["payload"]["text"]
    if not isinstance(text, str):
        return {"type": "discard", "message": "text must be text"}
    counts = {}
    for done, letter in enumerate(text, start=1):
        counts[letter] = counts.get(letter, 0) + 1
        if done % 1000 == 0:
            say({"type": "progress", "id": request["id"], "value": done})
    return {"type": "ok", "result": counts}


def serve():
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "hello":
            say({"type": "ready", "protocol": 1})
        elif message["type"] == "job":
            try:
                reply = work(message)
            except Exception as error:
                reply = {"type": "error", "name": type(error).__name__, "message": str(error)}
            say({**reply, "id": message["id"]})


if __name__ == "__main__":
    serve()
