import { expect, test } from "vitest";
import { parseFilter } from "../../../../src/dashboard/filter/parse.ts";
import type { OperationRow } from "../../../../src/dashboard/wire/operations.ts";
import { wayBack } from "./way-back.ts";

const createdAt = Date.UTC(2026, 10, 29, 22, 0);
const operation = (row: Partial<OperationRow>): OperationRow => ({
  id: "1",
  action: "cancel",
  q: "",
  by: null,
  why: null,
  queue: null,
  priority: null,
  state: "completed",
  matched: 3,
  atLeast: false,
  done: 3,
  skipped: 0,
  failed: 0,
  error: null,
  createdAt,
  finishedAt: createdAt + 10,
  ...row,
});

test("what was cancelled is found by its end, and by no condition it no longer fulfils", () => {
  const q = "queue:emails state:available wait:>5m payload.to:ann";
  const way = wayBack(operation({ q }));
  expect(way).toEqual({
    kind: "operation",
    target: {
      action: "retry",
      q: "queue:emails payload.to:ann state:cancelled finished:>2026-11-29T22:00:00.000Z",
    },
  });
});

test("the filter of the way back means something, also for every job", () => {
  const way = wayBack(operation({ q: "" }));
  if (way.kind !== "operation") throw new Error("no way back");
  expect(parseFilter(way.target.q, createdAt)).toEqual({
    filter: { state: ["cancelled"], finishedAfter: createdAt },
    problems: [],
  });
});

test("where nothing tells the jobs apart any more there is no way back", () => {
  expect(wayBack(operation({ action: "delete" }))).toEqual({ kind: "none", of: "delete" });
  expect(wayBack(operation({ done: 0 }))).toEqual({ kind: "nothing" });
});
