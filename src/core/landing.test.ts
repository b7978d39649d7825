import { describe, expect, test } from "vitest";
import { defaults } from "./defaults.ts";
import { land } from "./landing.ts";
import { columnsOf, fits, jobColumns, type TransferRecord } from "./transfer-record.ts";

const now = 86_400_000 * 100;
const gates = '[{"gate":"lane:a","weight":1},{"gate":"limit:b","weight":2}]';

function job(state: keyof typeof jobColumns, own: TransferRecord["fields"] = {}): TransferRecord {
  const empty = Object.keys(jobColumns[state]).map((column) => [column, null] as const);
  const fields = { ...Object.fromEntries(empty), id: "7", attempt: 3, run: 5, ...own };
  return { type: "job", fields: { state, ...fields } };
}

describe("a job that comes to another database", () => {
  test("is given back when it was running: no attempt spent, its run kept, its place in line too", () => {
    const { fields } = land(job("running", { seq: "12", owner: "4", started: true }), now);
    expect(fields).toMatchObject({ state: "available", attempt: 2, run: 5, seq: "12" });
    expect(Object.keys(fields).sort()).toEqual(
      ["state", ...Object.keys(jobColumns.available)].sort(),
    );
    expect(land(job("running", { attempt: 0 }), now).fields).toMatchObject({ attempt: 0 });
  });

  test("is cancelled when it was running and that was asked for", () => {
    const cancel = '{"why":"late","by":"ann","at":1}';
    expect(land(job("running", { cancel, gates, owner: "4" }), now).fields).toMatchObject({
      state: "cancelled",
      attempt: 3,
      finished_at: now,
      bucket: 100 + defaults.deadKeptMs / 86_400_000,
      reason: '{"code":"JOB_CANCELLED","message":"late","by":"ann"}',
    });
  });

  test("waits before the first of its gates when it was let in, running or not", () => {
    for (const state of ["available", "running"] as const) {
      expect(land(job(state, { gates, seq: "12" }), now).fields).toMatchObject({
        state: "blocked",
        gate: "lane:a",
        seq: "12",
        gates,
      });
    }
  });

  test.each(["scheduled", "retryable", "available", "blocked", "completed", "discarded"] as const)(
    "stays as it is when it was %s",
    (state) => {
      const record = job(state, state === "available" ? { gates: "[]" } : {});
      expect(land(record, now)).toBe(record);
    },
  );
});

test("what is no job stays as it is", () => {
  const record: TransferRecord = { type: "queue", fields: { name: "a" } };
  expect(land(record, now)).toBe(record);
});

test("there are columns for every state and every type, and for nothing else", () => {
  expect(columnsOf("job", "blocked")).toBe(jobColumns.blocked);
  expect(columnsOf("queue", undefined)).toMatchObject({ paused: "boolean" });
  for (const [type, state] of [
    ["job", "cancelling"],
    ["job", undefined],
    ["toString", "x"],
    [7, "x"],
  ]) {
    expect(columnsOf(type, state)).toBeUndefined();
  }
});

test.each([
  ["id", "9223372036854775807", true],
  ["id", "1e3", false],
  ["id", 7, false],
  ["id?", null, true],
  ["id", null, false],
  ["integer", 7, true],
  ["integer", 7.5, false],
  ["integer", "7", false],
  ["boolean", true, true],
  ["boolean", 1, false],
  ["text", "", true],
  ["text", "a\0", false],
  ["json?", "{}", true],
  ["json", {}, false],
] as const)("a column of %s and the value %j: %s", (kind, value, answer) => {
  expect(fits(kind, value)).toBe(answer);
});
