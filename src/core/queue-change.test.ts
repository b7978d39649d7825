import { expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { readQueueChange } from "./queue-change.ts";

test("what is left out stays out, and null takes a setting back", () => {
  expect(readQueueChange("update", {})).toEqual({});
  expect(readQueueChange("update", { by: "ada" })).toEqual({});
  expect(readQueueChange("update", { concurrency: null, maxRunning: null, backoff: null })).toEqual(
    { concurrency: null, maxRunning: null, backoff: null },
  );
  expect(readQueueChange("update", { retention: null })).toEqual({
    keepCompletedMs: null,
    keepDeadMs: null,
  });
  expect(readQueueChange("update", { cooling: null })).toEqual({ cooling: null });
});

test("durations become milliseconds and a curve is filled in", () => {
  expect(
    readQueueChange("update", {
      maxRunning: 7,
      backoff: { min: "2s", jitter: 0 },
      retention: { completed: "2d", dead: null },
    }),
  ).toEqual({
    maxRunning: 7,
    backoff: { minMs: 2_000, maxMs: 3_600_000, factor: 2, jitter: 0 },
    keepCompletedMs: 172_800_000,
    keepDeadMs: null,
  });
});

test("one retention alone leaves the other", () => {
  expect(readQueueChange("update", { retention: { dead: "1d" } })).toEqual({
    keepDeadMs: 86_400_000,
  });
  expect(readQueueChange("update", { retention: { completed: 5 } })).toEqual({
    keepCompletedMs: 5,
  });
});

test.each([
  ["no object", 7],
  ["an unknown setting", { maxRuning: 7 }],
  ["no place at all", { maxRunning: 0 }],
  ["half a place", { concurrency: 1.5 }],
  ["a count as text", { maxRunning: "7" }],
  ["more than the database counts", { maxRunning: 1_000_001 }],
  ["a backoff that is no curve", { backoff: "fixed" }],
  ["a curve with an unknown part", { backoff: { mim: "1s" } }],
  ["a curve that ends before it begins", { backoff: { min: "1h", max: "1s" } }],
  ["a retention that is no object", { retention: "2d" }],
  ["a retention of something else", { retention: { failed: "2d" } }],
  ["a retention that is no time", { retention: { dead: "soon" } }],
  ["a retention of a thousand years", { retention: { dead: "365000d" } }],
  ["a cooling-down that nobody asked for", { cooling: "5m" }],
  ["nobody", { by: "" }],
])("%s is refused, and the error names the call", (_, to) => {
  const read = () => readQueueChange("client.queues.update", to as never);
  expect(read).toThrow(coded("INVALID_OPTION"));
  expect(read).toThrow(/client\.queues\.update/);
});
