import { describe, expect, test } from "vitest";
import { readLine } from "./child-message.ts";

const read = (message: unknown) => readLine(JSON.stringify(message));
const heard = (message: object) => ({ kind: "heard", message });

describe("a line of a child", () => {
  test.each<[object, object]>([
    [
      { type: "ready", protocol: 1, more: true },
      { type: "ready", protocol: 1 },
    ],
    [
      { type: "ok", id: "1:1" },
      { type: "ok", id: "1:1", result: undefined },
    ],
    [
      { type: "ok", id: "1:1", result: null },
      { type: "ok", id: "1:1", result: null },
    ],
    [{ type: "throttled", id: "1:1", retryAfter: 250 }, { retryAfterMs: 250 }],
    [{ type: "throttled", id: "1:1", retryAfter: null }, { retryAfterMs: undefined }],
    [{ type: "snooze", id: "1:1", delay: "5m" }, { delayMs: 300_000 }],
    [{ type: "discard", id: "1:1" }, { message: "The child gave the job up." }],
    [{ type: "error", id: "1:1" }, { error: { name: "Error" } }],
    [
      { type: "error", id: "1:1", name: "OSError", message: "m", stack: "s", code: "C" },
      { error: { name: "OSError", message: "m", stack: "s", code: "C" } },
    ],
    [
      { type: "log", id: "1:1", message: "m" },
      { level: "info", fields: undefined },
    ],
    [
      { type: "log", id: "1:1", level: "error", message: "m", fields: { a: 1 } },
      { fields: { a: 1 } },
    ],
    [{ type: "progress", id: "1:1" }, { value: undefined }],
  ])("%j is understood", (message, understood) => {
    expect(read(message)).toMatchObject(heard(understood));
  });

  test.each<[string, string]>([
    ["", "a line is not JSON"],
    ["Traceback (most recent call last):", 'a line is not JSON: "Traceback'],
    ["7", "a line is not a JSON object"],
    ["null", "a line is not a JSON object"],
    ["[]", "a line is not a JSON object"],
    ["{}", "a message has the type undefined"],
    ['{"type":"done"}', 'a message has the type "done"'],
    ['{"type":"toString"}', 'a message has the type "toString"'],
    ['{"type":"ok"}', 'id of "ok" must be text, got undefined'],
    ['{"type":"ok","id":42}', 'id of "ok" must be text, got 42'],
    ['{"type":"error","id":"1:1","message":{}}', 'message of "error" must be text, got an object'],
    ['{"type":"snooze","id":"1:1"}', "delay must be a duration"],
    ['{"type":"snooze","id":"1:1","delay":-1}', "delay must be a duration"],
    ['{"type":"throttled","id":"1:1","retryAfter":"soon"}', "retryAfter must be a duration"],
    ['{"type":"log","id":"1:1","message":"m","level":"fatal"}', "level must be one of"],
    ['{"type":"log","id":"1:1","message":"m","fields":[]}', "fields must be an object"],
  ])("%s is a breach", (line, why) => {
    const breach = readLine(line);
    expect(breach.kind).toBe("breached");
    expect(breach.kind === "breached" && breach.why).toContain(why);
  });
});
