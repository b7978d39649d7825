# Enqueues jobs into a SQLite file that Holdfast keeps.
#   python3 enqueue_sqlite.py jobs.db
import json
import sqlite3
import sys
from pathlib import Path

file = sys.argv[1]
database = sqlite3.connect(file, timeout=5)


def enqueue(name, payload, **options):
    """Enqueues one job. Gives its id, and "enqueued", "existing" or "replaced"."""
    database.execute(
        "INSERT INTO holdfast_enqueue (name, payload, options) VALUES (?, ?, ?)",
        (name, json.dumps(payload), json.dumps(options)),
    )
    return database.execute("SELECT id, outcome FROM holdfast_receipt").fetchone()


with database:  # one transaction: all of it, or nothing
    print(*enqueue("send-receipt", {"order": 7}, unique={"key": "order-7"}, lane="customer-3", priority=2))
    print(*enqueue("send-receipt", {"order": 7}, unique={"key": "order-7"}))
    print(*enqueue("ask-for-review", {"order": 7}, delay="14d"))

# Idle workers look once a second; a touch wakes them at once.
Path(f"{file}-wake").touch()
