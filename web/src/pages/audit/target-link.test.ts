import { expect, test } from "vitest";
import { targetLink } from "./target-link.ts";

test.each([
  ["job:12", "/jobs/12"],
  ["queue:a:b/c", "/queues/a%3Ab%2Fc"],
  ["operation:3", "/operations/3"],
  ["limit:mail", "/limits"],
  ["toString:x", undefined],
  ["queue", undefined],
  ["", undefined],
])("%s is shown at %s", (target, link) => {
  expect(targetLink(target)).toBe(link);
});
