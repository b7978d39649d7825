import { expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { type JobChange, readJobChange } from "./job-change.ts";

const read = (change: unknown) => readJobChange("update", change as JobChange, 1_000);

test("what is left out is left out, and times are moments", () => {
  const change = { priority: 0, queue: "q", tags: ["t"], delay: "1m", payload: {} } as const;
  expect(read(change)).toEqual({ priority: 0, queue: "q", tags: ["t"], runAt: 61_000 });
  expect(read({ runAt: new Date(7) })).toEqual({ runAt: 7 });
  expect(read({ runAt: 7, priority: undefined })).toEqual({ runAt: 7 });
  expect(read({ payload: null })).toEqual({});
});

test.each([
  [{}, "nothing to change; give one or more of"],
  [{ priority: undefined }, "nothing to change"],
  [{ delay: "1m", runAt: 5 }, "not both"],
  [{ delay: "soon" }, "delay"],
  [{ runAt: "tomorrow" }, "a Date or milliseconds"],
  [{ runAt: new Date(Number.NaN) }, "a Date or milliseconds"],
  [{ priority: 10 }, "0 to 9"],
  [{ priority: "high" }, "0 to 9"],
  [{ queue: "" }, "non-empty"],
  [{ queue: "a\u0000b" }, "NUL"],
  [{ tags: "one" }, "at most 32"],
  [{ tags: [""] }, "at most 32"],
  [{ name: "other" }, "no option"],
  [null, "an object"],
])("%j is refused", (change, message) => {
  expect(() => read(change)).toThrow(coded("INVALID_OPTION", message));
});
