import { statSync } from "node:fs";
import { expect } from "vitest";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { eventually, watch } from "./eventually.ts";
import {
  aJob,
  claim,
  enqueue,
  enqueueOne,
  hire,
  runOne,
  settleOne,
  single,
  someJobs,
} from "./jobs.ts";
import type { Chapter } from "./law.ts";
import { emptyFile, type FilePlace } from "./sqlite-place.ts";
import { startStorageProcess, type StorageProcess } from "./storage-process.ts";
import { orphansOf } from "./orphans.ts";

/** Proves something with several processes on one file. */
async function withProcesses(
  count: number,
  prove: (place: FilePlace, others: readonly Storage[], kill: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const place = await emptyFile();
  const processes: StorageProcess[] = [];
  const kill = async () => void (await Promise.all(processes.map((each) => each.kill())));
  try {
    for (let index = 0; index < count; index++) processes.push(startStorageProcess());
    const others = await Promise.all(processes.map((each) => each.open(place.file)));
    await prove(place, others, kill);
  } finally {
    await kill();
    await place.close();
  }
}

/** What only more than two processes, or one that dies, can show. */
export const processLaws: Chapter = (law) => {
  law("four processes may migrate one file at once, twice each", () =>
    withProcesses(4, async ({ storage }, others) => {
      const { pending } = await storage.schemaStatus();
      const applied = await Promise.all([...others, ...others].map((each) => each.migrate()));
      expect(applied.flat()).toEqual(pending);
      await expect(enqueueOne(storage)).resolves.toMatch(/^\d+$/);
    }),
  );

  law("four processes never claim the same job", () =>
    withProcesses(4, async ({ storage }, others) => {
      await storage.migrate();
      await enqueue(storage, ...someJobs(400));
      const taken = await Promise.all(
        others.map(async (other) => {
          const owner = await hire(other);
          const jobs = [];
          for (let round = 0; round < 20; round++) {
            jobs.push(...(await claim(other, owner, { limit: 5 })));
          }
          return jobs.map(({ lease }) => lease.id);
        }),
      );
      expect(taken.flat()).toHaveLength(400);
      expect(new Set(taken.flat()).size).toBe(400);
    }),
  );

  law("four processes enqueue into one file and lose nothing", () =>
    withProcesses(4, async ({ storage }, others) => {
      await storage.migrate();
      const calls = others.flatMap((other) =>
        Array.from({ length: 25 }, () => other.insertJobs(someJobs(4))),
      );
      const receipts = (await Promise.all(calls)).flat();
      expect(new Set(receipts.map(({ id }) => id)).size).toBe(400);
      expect(await storage.countJobs({})).toMatchObject({ available: 400 });
    }),
  );

  law("a process killed in the middle of an enqueue leaves all of it or nothing", () =>
    withProcesses(1, async ({ storage, file }, [other], kill) => {
      await storage.migrate();
      const before = statSync(`${file}-wal`).size;
      const call = watch((other ?? storage).insertJobs(someJobs(100_000)));
      await eventually("it writes", () => statSync(`${file}-wal`).size > before + 1_000_000);
      await kill();
      await expect(call.promise).rejects.toThrow("The process has ended.");
      const { available } = await storage.countJobs({});
      expect([0, 100_000]).toContain(available);
      await expect(enqueueOne(storage)).resolves.toMatch(/^\d+$/);
    }),
  );

  law("the jobs of a killed process are found and rescued by another", () =>
    withProcesses(1, async ({ storage }, [other], kill) => {
      await storage.migrate();
      const job = await runOne(other ?? storage);
      await kill();
      expect(await orphansOf(storage, 10)).toEqual([]);
      const { id, beat } = single(await storage.listWorkers());
      expect(await storage.markWorkerDead(id, beat)).toBe(true);
      const orphan = single(await orphansOf(storage, 10));
      expect(orphan).toEqual(job);
      expect(await settleOne(storage, orphan, "available")).toEqual({ outcome: "settled" });
    }),
  );

  law("a process waits while another one holds the writer, and then goes on", () =>
    withProcesses(1, async (place, [other]) => {
      const { storage } = place;
      await storage.migrate();
      const application = await place.application();
      await application.query("BEGIN IMMEDIATE");
      const waiting = watch((other ?? storage).insertJobs([aJob()]));
      // Reading is not held up, and the answer shows that the other process is awake.
      expect(await other?.listJobs({}, 10)).toEqual([]);
      expect(waiting.isSettled()).toBe(false);
      await application.query("COMMIT");
      expect(await waiting.promise).toHaveLength(1);
    }),
  );

  law("a look for orphans that had to wait for the writer says that it did not look", () =>
    withProcesses(0, async (place) => {
      const { storage } = place;
      await storage.migrate();
      await runOne(storage);
      const { id, beat } = single(await storage.listWorkers());
      expect(await storage.markWorkerDead(id, beat)).toBe(true);
      const application = await place.application();
      await application.query("BEGIN IMMEDIATE");
      expect(await storage.listOrphans(10)).toBeUndefined();
      await application.query("COMMIT");
      expect(await storage.listOrphans(10)).toHaveLength(1);
    }),
  );

  law("a hint reaches every other process", () =>
    withProcesses(3, async ({ storage }, others) => {
      await storage.migrate();
      const heard = others.map(() => 0);
      const ears = await Promise.all(
        others.map((other, index) =>
          other.listen({
            onWork: () => void (heard[index] = (heard[index] ?? 0) + 1),
            onCancel: () => {},
          }),
        ),
      );
      await Promise.all(ears.map((ear) => ear.waitFor(["default"])));
      await storage.wake(["default"]);
      await eventually("all have heard", () => heard.every((count) => count > 0));
      await Promise.all(ears.map((ear) => ear.stop()));
    }),
  );
};
