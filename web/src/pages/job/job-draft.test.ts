import { expect, test } from "vitest";
import { changedBody, draftFaults, type JobDraft, tagsOf } from "./job-draft.ts";
import { jobRefusal } from "./job-refusals.ts";
import { progressShare } from "./progress-share.ts";
import { readableJson } from "./readable-json.ts";

const draft: JobDraft = {
  name: "send",
  payload: "{}",
  queue: "",
  priority: "5",
  delay: "",
  tags: "",
};

test("what is written is checked, and JSON is told where it breaks", () => {
  expect(draftFaults(draft)).toEqual({});
  expect(draftFaults({ ...draft, payload: '{\n  "a": 1,\n}' })).toMatchObject({
    payload: { kind: "json", line: 3, column: 1 },
  });
  const faults = draftFaults({ ...draft, name: " ", priority: "12", delay: "soon" });
  expect(Object.keys(faults).toSorted()).toEqual(["delay", "name", "priority"]);
  expect(draftFaults({ ...draft, delay: "1.5h", priority: "0" })).toEqual({});
});

test("only what was changed is sent", () => {
  const start = { ...draft, queue: "post", tags: "[redacted], vip" };
  expect(changedBody(start, start)).toEqual({});
  expect(changedBody(start, { ...start, queue: " " })).toEqual({});
  expect(
    changedBody(start, { ...start, queue: "q ", priority: "1", delay: " 5m", tags: "a" }),
  ).toEqual({ queue: "q", priority: 1, delay: "5m", tags: ["a"] });
});

test("tags are trimmed and each taken once", () => {
  expect(tagsOf(" vip, mail,,vip ")).toEqual(["vip", "mail"]);
});

test("JSON to edit keeps the digits of its numbers, and text that is none stays", () => {
  expect(readableJson('{"id":12345678901234567890}')).toBe('{\n  "id": 12345678901234567890\n}');
  expect(readableJson("{")).toBe("{");
});

test("what cannot be done to a job says why", () => {
  const because = (verb: Parameters<typeof jobRefusal>[0], state: "running" | "completed") =>
    jobRefusal(verb, { state, cancelRequested: null });
  expect(because("cancel", "running")).toBeUndefined();
  expect(because("delete", "running")).toBe("running");
  expect(because("cancel", "completed")).toBe("finished");
  expect(because("retry", "completed")).toBe("notFailed");
  expect(
    jobRefusal("cancel", { state: "running", cancelRequested: { why: "", by: null, at: 1 } }),
  ).toBe("cancelling");
});

test("progress is a share, a percentage, or a count of a total", () => {
  expect(progressShare("0.5")).toBe(0.5);
  expect(progressShare("50")).toBe(0.5);
  expect(progressShare('{"done":3,"total":4}')).toBe(0.75);
  expect(progressShare('{"percent":20}')).toBe(0.2);
  expect(progressShare('{"done":3,"total":0}')).toBeUndefined();
  expect(progressShare('"reading"')).toBeUndefined();
  expect(progressShare("4000")).toBeUndefined();
});
