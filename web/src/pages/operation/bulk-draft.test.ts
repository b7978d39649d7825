import { expect, test } from "vitest";
import { bulkBody, bulkFault, emptyDraft, previewBody } from "./bulk-draft.ts";

const exactly = (count: number) => ({ count, atLeast: false });

test("each action is sent with its own setting only", () => {
  const draft = { why: " broken ", queue: " slow ", priority: "7", count: "3" };
  const body = (action: Parameters<typeof bulkBody>[0]["action"]) =>
    bulkBody({ action, q: "state:retryable" }, draft);
  expect(body("cancel")).toEqual({ action: "cancel", q: "state:retryable", why: "broken" });
  expect(body("move")).toEqual({ action: "move", q: "state:retryable", queue: "slow" });
  expect(body("changePriority")).toMatchObject({ priority: 7 });
  expect(body("retry")).toEqual({ action: "retry", q: "state:retryable" });
  expect(bulkBody({ action: "cancel", q: "" }, emptyDraft)).toEqual({ action: "cancel", q: "" });
});

test("a preview needs no settings", () => {
  expect(previewBody({ action: "move", q: "" })).toMatchObject({ queue: "default" });
});

test("a deletion begins only with the count that was shown, however its digits are grouped", () => {
  const fault = (count: string) =>
    bulkFault({ action: "delete", q: "" }, { ...emptyDraft, count }, exactly(48_213));
  expect(fault("")).toBe("count");
  expect(fault("48212")).toBe("count");
  for (const count of ["48213", "48,213", "48.213", "48\u202f213"])
    expect(fault(count)).toBeUndefined();
  expect(bulkFault({ action: "delete", q: "" }, emptyDraft, exactly(1))).toBeUndefined();
  const some = { count: 0, atLeast: true };
  expect(bulkFault({ action: "delete", q: "" }, emptyDraft, some)).toBe("count");
});

test("a queue and a priority must be given where they are needed", () => {
  expect(bulkFault({ action: "move", q: "" }, emptyDraft, exactly(1))).toBe("queue");
  const priority = (text: string) =>
    bulkFault({ action: "changePriority", q: "" }, { ...emptyDraft, priority: text }, exactly(1));
  expect(priority("10")).toBe("priority");
  expect(priority("9")).toBeUndefined();
});
