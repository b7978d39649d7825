import { expect, test } from "vitest";
import { checkEnqueueOptions } from "./enqueue-options.ts";
import { isReservedTag, tickOf, tickTags } from "./schedule-tags.ts";

const at = Date.UTC(2027, 2, 14, 7);

test("a tick is told by the tags of its job, among others", () => {
  const tags = ["mail", ...tickTags("daily: digest", at), "more"];
  expect(tags).toContain("tick:2027-03-14T07:00:00.000Z");
  expect(tickOf(tags, at + 250)).toEqual({ schedule: "daily: digest", at, latenessMs: 250 });
});

test.each([[[]], [["a", "b"]], [["schedule:a", "b"]], [["tick:2027-03-14T07:00:00.000Z", "b"]]])(
  "other tags tell of no tick: %j",
  (tags: readonly string[]) => {
    expect(tickOf(tags, at)).toBeUndefined();
  },
);

test("nobody else gives such tags", () => {
  expect(["schedule:a", "tick:now", "schedules", "ticks:1", 7].map(isReservedTag)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  for (const tag of tickTags("a", at)) {
    expect(() => checkEnqueueOptions({ tags: [tag] })).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION", details: { option: "tags" } }),
    );
  }
});
