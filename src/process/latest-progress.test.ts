import { expect, test } from "vitest";
import { createLatch } from "../../test/support/latch.ts";
import { recordingLogger } from "../../test/support/recording-logger.ts";
import type { ChildJob } from "./child-job.ts";
import { createLatestProgress } from "./latest-progress.ts";

function job(progress: (value: unknown) => Promise<void>) {
  const log = recordingLogger();
  return { log, progress } as unknown as ChildJob & { log: typeof log };
}

test("while one value is stored only the newest of those that follow is kept", async () => {
  const stored: unknown[] = [];
  const first = createLatch();
  const latest = createLatestProgress(
    job(async (value) => {
      stored.push(value);
      if (value === 1) await first.opened;
    }),
  );
  for (const value of [1, 2, 3]) latest.push(value);
  first.open();
  await latest.stored();
  expect(stored).toEqual([1, 3]);
  latest.push(4);
  await latest.stored();
  expect(stored).toEqual([1, 3, 4]);
});

test("a value that cannot be stored is logged and the next one is tried", async () => {
  const refusing = job((value) =>
    value === 1 ? Promise.reject(new Error("no")) : Promise.resolve(),
  );
  const latest = createLatestProgress(refusing);
  latest.push(1);
  await latest.stored();
  expect(refusing.log.said("the child's progress could not be stored")).toHaveLength(1);
  latest.push(2);
  await expect(latest.stored()).resolves.toBeUndefined();
  expect(refusing.log.lines).toHaveLength(1);
});
