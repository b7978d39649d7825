import { describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { type BulkRequest, readBulkRequest } from "./operation.ts";

const read = (request: BulkRequest) => readBulkRequest("here", request, 1_000);

describe("a bulk request", () => {
  test("is for the jobs of its filter that the action can be done to", () => {
    const states = (request: BulkRequest) => read(request).conditions.states;
    expect(states({ action: "retry", filter: {} })).toEqual(["cancelled", "discarded"]);
    expect(states({ action: "retry", filter: { state: ["discarded", "running"] } })).toEqual([
      "discarded",
    ]);
    expect(states({ action: "retry", filter: { state: "completed" } })).toEqual([]);
    expect(states({ action: "runNow", filter: {} })).toEqual(["scheduled", "retryable"]);
    expect(states({ action: "delete", filter: {} })).not.toContain("running");
    expect(states({ action: "cancel", filter: { waitingLongerThan: 1 } })).not.toContain("running");
    const waiting = ["scheduled", "available", "blocked", "retryable"];
    expect(states({ action: "move", queue: "q", filter: {} })).toEqual(waiting);
    expect(states({ action: "changePriority", priority: 0, filter: {} })).toEqual(waiting);
  });

  test("keeps the filter as it was asked for, in plain JSON, and fixes its moments", () => {
    const filter = {
      waitingLongerThan: "1s",
      createdAfter: new Date(5),
      queue: undefined,
    } as const;
    const { filter: kept, conditions } = read({ action: "cancel", filter: filter as never });
    expect(kept).toEqual({ waitingLongerThan: "1s", createdAfter: 5 });
    expect(conditions).toMatchObject({ dueUntil: 0, createdAfter: 5 });
  });

  test.each([
    [{}, "action"],
    [{ action: "burn", filter: {} }, "action"],
    [{ action: "retry" }, "filter"],
    [{ action: "retry", filter: { queue: "" } }, "queue"],
    [{ action: "retry", filter: {}, queue: "q" }, "move"],
    [{ action: "move", filter: {} }, "queue"],
    [{ action: "changePriority", filter: {}, priority: 10 }, "priority"],
    [{ action: "changePriority", filter: {} }, "priority"],
    [{ action: "delete", filter: {}, why: "so" }, "cancel"],
    [{ action: "cancel", filter: {}, by: "a\0" }, "by"],
    [{ action: "cancel", filter: {}, limit: 3 }, "limit"],
    [null, "object"],
  ])("that is wrong is refused: %j", (request, says) => {
    expect(() => read(request as never)).toThrow(coded("INVALID_OPTION", says));
  });
});
