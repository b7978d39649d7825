import { expect, test } from "vitest";
import { Refresher } from "./refresher.ts";

function recorded() {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const read = (topic: string) => {
    begun.push(topic);
    return new Promise<void>((resolve) => ends.push(resolve));
  };
  return { begun, ends, refresher: new Refresher(read, { gapMs: 0 }) };
}

test("changes during a reading make one more, and no reading overlaps another", async () => {
  const { begun, ends, refresher } = recorded();
  refresher.refresh("jobs");
  refresher.refresh("jobs");
  refresher.refresh("jobs");
  refresher.refresh("queues");
  expect(begun).toEqual(["jobs", "queues"]);
  ends[0]?.();
  await expect.poll(() => begun).toEqual(["jobs", "queues", "jobs"]);
  ends[2]?.();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(begun).toHaveLength(3);
  refresher.refresh("jobs");
  expect(begun).toHaveLength(4);
});
