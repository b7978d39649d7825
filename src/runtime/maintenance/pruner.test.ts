import { afterEach, expect, test, vi } from "vitest";
import { recordingLogger } from "../../../test/support/recording-logger.ts";
import type { MaintainStore } from "../../storage/contract/maintain.ts";
import { createPassBook } from "./pass-book.ts";
import { startPruner } from "./pruner.ts";

afterEach(() => {
  vi.useRealTimers();
});

test("between full batches it rests four times as long as one took, and after the last for minutes", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  const ranAt: number[] = [];
  const begin = performance.now();
  const storage: Pick<MaintainStore, "pruneJobs"> = {
    async pruneJobs() {
      ranAt.push(performance.now() - begin);
      await new Promise((resolve) => setTimeout(resolve, 10));
      return { rows: 1, more: ranAt.length < 3 };
    },
  };
  const parts = { clock: { now: () => 0 }, logger: recordingLogger(), passes: createPassBook() };
  const pruner = startPruner(storage as MaintainStore, parts);
  await vi.advanceTimersByTimeAsync(200_000);
  expect(ranAt).toEqual([0, 50, 100]);
  await vi.advanceTimersByTimeAsync(200_000);
  expect(ranAt).toHaveLength(4);
  const stopped = pruner.stop();
  await vi.advanceTimersByTimeAsync(10);
  await stopped;
});
