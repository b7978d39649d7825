import { expect } from "vitest";
import { settle } from "../../src/core/lifecycle.ts";
import { jobAt, stateOf } from "./bring.ts";
import { aJob, claim, hire, runOne, settleOne, single, t0, uniqueOn } from "./jobs.ts";
import type { Chapter, Law } from "./law.ts";
import { orphansOf } from "./orphans.ts";

const error = { name: "Error", message: "The process died." };

/** What other systems fell into, as far as storage has to keep clear of it; docs/coming-from-rust.md lists them all. */
export const trapLaws: Chapter = (law) => {
  ownershipTraps(law);
  uniqueTraps(law);
};

function ownershipTraps(law: Law): void {
  law(
    "trap 2: a stalled worker whose job was rescued and runs again changes nothing when it ends late",
    async ({ storage }) => {
      const late = await runOne(storage);
      const { id } = late.lease;
      await storage.unregisterWorker(late.lease.owner);
      const orphan = single(await orphansOf(storage, 10));
      const facts = { now: t0, random: 0.5, began: t0 };
      const crashed = settle(orphan, { kind: "crashed", error, maxCrashes: 3 }, facts);
      expect(await storage.settleJobs([crashed], t0)).toEqual([{ outcome: "settled" }]);
      const now = crashed.runAt ?? t0;
      await storage.promoteJobs(10, now);
      const again = single(await claim(storage, await hire(storage), { now }));
      for (const to of ["completed", "retryable", "available"] as const) {
        expect(await settleOne(storage, late, to, { result: '"late"' })).toEqual({
          outcome: "lease-lost",
        });
      }
      expect(await jobAt(storage, id)).toMatchObject({ state: "running", run: 2 });
      await settleOne(storage, again, "completed", { result: '"again"' });
      expect(await jobAt(storage, id)).toMatchObject({ state: "completed", result: "again" });
    },
  );

  for (const meanwhile of ["completed", "scheduled", "claimed again"] as const) {
    law(
      `incident 1: what a rescuer has read is no ground to write: a job ${meanwhile} meanwhile stays as it is`,
      async ({ storage }) => {
        const job = await runOne(storage);
        await storage.unregisterWorker(job.lease.owner);
        const orphan = single(await orphansOf(storage, 10));
        await settleOne(storage, job, meanwhile === "claimed again" ? "available" : meanwhile);
        if (meanwhile === "claimed again") single(await claim(storage, await hire(storage)));
        const before = await jobAt(storage, job.lease.id);
        expect(await settleOne(storage, orphan, "retryable")).toEqual({ outcome: "lease-lost" });
        expect(await jobAt(storage, job.lease.id)).toEqual(before);
      },
    );
  }
}

function uniqueTraps(law: Law): void {
  law(
    "trap 6: a job that waits for its retry keeps its key from all who enqueue at once, and is taken by nobody before its time",
    async ({ storage, connect }) => {
      const other = await connect();
      const unique = uniqueOn("k");
      const holder = await runOne(storage, { unique });
      const { id, owner } = holder.lease;
      await settleOne(storage, holder, "retryable", { runAt: t0 + 60_000 });
      const calls = Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? storage : other).insertJobs([aJob({ unique })]),
      );
      const receipts = (await Promise.all(calls)).flat();
      expect(receipts).toEqual(receipts.map(() => ({ id, outcome: "existing" })));
      expect(await claim(storage, owner)).toEqual([]);
      expect(await jobAt(storage, id)).toMatchObject({ state: "retryable", run: 1 });
      await storage.promoteJobs(10, t0 + 60_000);
      expect(single(await claim(storage, owner)).lease).toEqual({ id, owner, run: 2 });
    },
  );

  law(
    "trap 7: of dead jobs of one key retried one after the other the first comes back, the others are refused and unchanged",
    async ({ storage }) => {
      const unique = uniqueOn("k");
      const ids: string[] = [];
      for (let count = 0; count < 3; count++) {
        const job = await runOne(storage, { unique });
        await settleOne(storage, job, "discarded");
        ids.push(job.lease.id);
      }
      const [first = "", ...others] = ids;
      expect(await storage.retryJob(first, t0)).toBe("retried");
      for (const id of others) {
        await expect(storage.retryJob(id, t0)).rejects.toMatchObject({
          code: "UNIQUE_CONFLICT",
          details: { holder: first },
        });
        expect(await stateOf(storage, id)).toBe("discarded");
      }
      // What waits already is not retried again, so a list of such jobs comes to its end.
      expect(await storage.retryJob(first, t0)).toBe("not-retryable");
      expect(await storage.listJobs({}, 10)).toHaveLength(3);
    },
  );
}
