import { expect, test } from "vitest";
import type { OperationPreviewAnswer } from "../../../../src/dashboard/wire/operations.ts";
import { previewWith, shareCounted, uncounted, withPart } from "./full-count.ts";

const counts = (given: Partial<OperationPreviewAnswer["byState"]>) => ({
  ...uncounted.byState,
  ...given,
});
const preview: OperationPreviewAnswer = {
  action: "cancel",
  matched: 5,
  atLeast: true,
  byState: counts({ available: 5 }),
  sample: [{ id: "80" } as never],
};
const part = (available: number, next: string | null) => ({
  action: "cancel" as const,
  matched: available,
  byState: counts({ available, scheduled: 1 }),
  next,
});

test("the newest jobs stand until more of the oldest are counted; all of them are exact", () => {
  const some = withPart(uncounted, part(3, "20"));
  expect(previewWith(preview, some)).toBe(preview);
  expect(shareCounted(preview, some)).toBe(0.25);
  const more = withPart(some, part(4, "60"));
  expect(previewWith(preview, more)).toMatchObject({ matched: 9, atLeast: true });
  const all = withPart(more, part(0, null));
  expect(previewWith(preview, all)).toMatchObject({
    matched: 10,
    atLeast: false,
    byState: counts({ available: 7, scheduled: 3 }),
  });
});

test("a filter that fewer match than did before is exact as well", () => {
  const all = withPart(uncounted, part(0, null));
  expect(previewWith(preview, all)).toMatchObject({ matched: 1, atLeast: false });
});

test("how much is counted is told where the newest match is known, and is never more than all", () => {
  expect(shareCounted({ ...preview, sample: [] }, uncounted)).toBeUndefined();
  expect(shareCounted(preview, withPart(uncounted, part(1, "90")))).toBe(1);
  expect(shareCounted(preview, uncounted)).toBe(0);
});
