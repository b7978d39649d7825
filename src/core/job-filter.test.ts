import { describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { type JobFilter, readFilter } from "./job-filter.ts";
import { jobStates } from "./job.ts";

const now = 1_000_000;
const read = (filter: JobFilter) => readFilter("here", filter, now);

describe("a filter", () => {
  test("without conditions asks for every job, and leaves out what is undefined", () => {
    expect(read({})).toEqual({});
    expect(read({ queue: undefined } as never)).toEqual({});
    expect(read({ state: jobStates })).toEqual({ states: jobStates });
  });

  test("gives moments as milliseconds", () => {
    expect(read({ createdAfter: new Date(5), createdBefore: 7.4 })).toEqual({
      createdAfter: 5,
      createdBefore: 7,
    });
  });

  test("names only states that its conditions leave over", () => {
    expect(read({ finishedAfter: 1 }).states).toEqual(["completed", "cancelled", "discarded"]);
    expect(read({ finishedBefore: 1, state: ["running", "discarded"] }).states).toEqual([
      "discarded",
    ]);
    expect(read({ waitingLongerThan: "1s" })).toEqual({
      states: ["scheduled", "available", "blocked", "retryable"],
      dueUntil: now - 1_000,
    });
    expect(read({ error: "ÄOops" })).toEqual({
      states: jobStates.filter((state) => state !== "completed"),
      error: "Äoops",
    });
    expect(read({ error: "x", state: "completed" }).states).toEqual([]);
  });

  test("asks for what runs, or waits at a gate, in that state only", () => {
    expect(read({ runningLongerThan: "1s" })).toEqual({
      states: ["running"],
      claimedUntil: now - 1_000,
    });
    expect(read({ waitingFor: "lane:a" })).toEqual({ states: ["blocked"], gate: "lane:a" });
    expect(read({ waitingFor: "lane:a", runningLongerThan: 1 }).states).toEqual([]);
  });

  test("gives the other conditions as they are, one or several", () => {
    const conditions = {
      queue: ["a", "b*"],
      name: "c",
      tag: ["d"],
      rescued: false,
      worker: "7",
      uniqueKey: "k",
    };
    expect(read({ ...conditions, tookLongerThan: "2s" })).toEqual({ ...conditions, tookMs: 2_000 });
    expect(read({ payload: { a: [1, "x", null] } }).payload).toEqual([
      { path: ["a"], equals: [1, "x", null] },
    ]);
  });

  test("splits paths of payloads at dots that are not escaped", () => {
    expect(read({ payload: { "a.b\\.c.0": 1, d: null } }).payload).toEqual([
      { path: ["a", "b.c", "0"], equals: 1 },
      { path: ["d"], equals: null },
    ]);
  });

  test.each([
    { state: "done" },
    { state: [] },
    { queue: "" },
    { name: "a\0" },
    { tag: 7 },
    { queue: [] },
    { name: ["a", ""] },
    { tag: Array.from({ length: 101 }, String) },
    { rescued: "yes" },
    { runningLongerThan: "soon" },
    { payload: { a: [] } },
    { payload: { a: [{}] } },
    { ids: [] },
    { ids: ["1", "x"] },
    { ids: Array.from({ length: 1_001 }, String) },
    { createdAfter: "yesterday" },
    { finishedBefore: new Date(Number.NaN) },
    { waitingLongerThan: "soon" },
    { payload: {} },
    { payload: [1] },
    { payload: { a: {} } },
    { payload: { a: Number.NaN } },
    { payload: { 'a"b': 1 } },
    { payload: { "a\\b": 1 } },
    { payload: { "a..b": 1 } },
    { payload: { "a.-1": 1 } },
    { payload: { "a. -1": 1 } },
    { payload: { "a.b.c.d.e.f.g.h.i": 1 } },
    { payload: { a: "\0" } },
    { error: "" },
    { nme: "x" },
    null,
  ])("that is wrong is refused: %j", (filter) => {
    expect(() => read(filter as never)).toThrow(coded("INVALID_OPTION", "here"));
  });
});
