import { expect, test } from "vitest";
import { readTopics } from "./topics.ts";

test("topics are named with commas between, each once", () => {
  expect(readTopics("jobs,job:12,jobs,operation:3")).toEqual(["jobs", "job:12", "operation:3"]);
});

test.each(["", ",", "cats", "job:", "job:x", "job:12345678901234567890", "Jobs", "jobs; drop"])(
  "%j is refused",
  (text) => {
    expect(() => readTopics(text)).toThrow(expect.objectContaining({ code: "REQUEST_INVALID" }));
  },
);

test("there may be sixteen at once", () => {
  const some = (count: number) => Array.from({ length: count }, (_, at) => `job:${at}`).join(",");
  expect(readTopics(some(16))).toHaveLength(16);
  expect(() => readTopics(some(17))).toThrow("1 to 16 topics");
});
