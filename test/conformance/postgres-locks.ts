import { expect } from "vitest";
import { jobAt, sharedColumns, stateOf } from "./bring.ts";
import { eventually, watch } from "./eventually.ts";
import type { Place } from "./harness.ts";
import {
  aJob,
  claim,
  dayMs,
  enqueue,
  enqueueOne,
  hire,
  runOne,
  settlement,
  settleOne,
  single,
  someJobs,
  stop,
  t0,
  uniqueOn,
} from "./jobs.ts";
import type { Chapter } from "./law.ts";
import { start, workOff } from "./operate.ts";
import { untilStuck } from "./postgres-pause.ts";
import { first } from "./postgres-place.ts";

type Statements = (table: Place["table"], id: string) => string;

/** A promotion, a claim and a cancel request as another process makes them. */
const promote: Statements = (table, id) => `
  WITH moved AS (DELETE FROM ${table("later")} WHERE id = ${id} RETURNING *)
  INSERT INTO ${table("live")} (${sharedColumns}, seq) SELECT ${sharedColumns}, 1000000 FROM moved`;
const take: Statements = (table, id) => `
  UPDATE ${table("live")} SET owner = 1, run = run + 1, attempt = attempt + 1, started = true,
    claimed_at = ${t0} WHERE id = ${id}`;
const requestCancel: Statements = (table, id) => `
  UPDATE ${table("live")} SET cancel = '${JSON.stringify(stop)}' WHERE id = ${id}`;

/**
 * Makes a call while another process has changed the job and not committed yet. Gives the call's answer once that
 * process has committed or rolled back; fails when the call did not wait.
 */
async function meeting<Answer>(
  place: Place,
  statements: Statements,
  id: string,
  end: "COMMIT" | "ROLLBACK",
  call: () => Promise<Answer>,
): Promise<Answer> {
  const other = await place.application();
  await other.query("BEGIN");
  await other.query(statements(place.table, id));
  const answer = watch(call());
  await untilStuck(place, first, answer);
  expect(answer.isSettled()).toBe(false);
  await other.query(end);
  return await answer.promise;
}

export const lockLaws: Chapter = (law) => {
  law(
    "a job that fails is left out of its own operation, whoever has that one meanwhile",
    async (place) => {
      const { storage, table } = place;
      const [bad = "", good = ""] = await enqueue(storage, ...someJobs(2));
      // The first try fails at once; the second, of this job alone, once somebody wants the operation too.
      await place.script(`
      CREATE SEQUENCE ${table("tries")};
      CREATE FUNCTION ${table("refuse")}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF nextval('${table("tries")}') = 2 THEN PERFORM pg_advisory_xact_lock(1); END IF;
        RAISE EXCEPTION 'not this one';
      END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON ${table("dead")} FOR EACH ROW WHEN (NEW.id = ${bad})
        EXECUTE FUNCTION ${table("refuse")}();`);
      const [guard, other] = [await place.application(), await place.application()];
      const one = await start(storage, { action: "cancel", filter: { ids: [bad] } });
      const two = await start(storage, { action: "cancel", filter: { ids: [good] } });
      await guard.query("BEGIN");
      await guard.query("SELECT pg_advisory_xact_lock(1)");
      const chunk = watch(storage.workOperation(100, t0));
      await untilStuck(place, first, chunk);
      await other.query("BEGIN");
      const wanted = other.query(
        `SELECT 1 FROM ${table("operation")} WHERE id = ${one.id} FOR UPDATE`,
      );
      await eventually("the operation is wanted", async () => {
        const rows = await guard.query(
          "SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'",
        );
        return rows.length > 0;
      });
      await guard.query("COMMIT");
      await chunk.promise;
      await wanted;
      await other.query("COMMIT");
      await workOff(storage);
      expect(await storage.getOperation(two.id)).toMatchObject({ done: 1, failed: 0 });
      expect(await storage.getOperation(one.id)).toMatchObject({ done: 0, failed: 1 });
      expect(await stateOf(storage, good)).toBe("cancelled");
    },
  );

  for (const [end, answer] of [
    ["COMMIT", "already"],
    ["ROLLBACK", "available"],
  ] as const) {
    law(
      `run now waits for a promotion under way, and says ${answer} after its ${end}`,
      async (place) => {
        const id = await enqueueOne(place.storage, { runAt: t0 + 1 });
        const call = () => place.storage.runJobNow(id, t0);
        expect(await meeting(place, promote, id, end, call)).toBe(answer);
        expect(await stateOf(place.storage, id)).toBe("available");
      },
    );

    law(`a cancel finds the job wherever a promotion's ${end} leaves it`, async (place) => {
      const id = await enqueueOne(place.storage, { runAt: t0 + 1 });
      const call = () => place.storage.cancelJob(id, stop);
      expect(await meeting(place, promote, id, end, call)).toBe("cancelled");
      expect(await stateOf(place.storage, id)).toBe("cancelled");
    });

    law(`a delete finds the job wherever a promotion's ${end} leaves it`, async (place) => {
      const id = await enqueueOne(place.storage, { runAt: t0 + 1 });
      const call = () => place.storage.deleteJob(id);
      expect(await meeting(place, promote, id, end, call)).toBe("deleted");
      expect(await stateOf(place.storage, id)).toBeUndefined();
    });
  }

  for (const [end, cancelled, deleted] of [
    ["COMMIT", "cancelling", "running"],
    ["ROLLBACK", "cancelled", "deleted"],
  ] as const) {
    law(
      `a cancel waits for a claim under way, and says ${cancelled} after its ${end}`,
      async (place) => {
        const id = await enqueueOne(place.storage);
        const call = () => place.storage.cancelJob(id, stop);
        expect(await meeting(place, take, id, end, call)).toBe(cancelled);
        const { cancelRequested } = await jobAt(place.storage, id);
        expect(cancelRequested).toEqual(end === "COMMIT" ? stop : null);
      },
    );

    law(
      `a delete waits for a claim under way, and says ${deleted} after its ${end}`,
      async (place) => {
        const id = await enqueueOne(place.storage);
        const call = () => place.storage.deleteJob(id);
        expect(await meeting(place, take, id, end, call)).toBe(deleted);
        expect(await stateOf(place.storage, id)).toBe(end === "COMMIT" ? "running" : undefined);
      },
    );
  }

  law("a settle waits for a cancel request under way, and yields to it", async (place) => {
    const job = await runOne(place.storage);
    const call = () => settleOne(place.storage, job, "retryable");
    expect(await meeting(place, requestCancel, job.lease.id, "COMMIT", call)).toEqual({
      outcome: "cancel-requested",
      request: stop,
    });
    expect(await stateOf(place.storage, job.lease.id)).toBe("running");
  });

  for (const [end, outcome, state] of [
    ["COMMIT", "lease-lost", "retryable"],
    ["ROLLBACK", "settled", "completed"],
  ] as const) {
    law(
      `a settle waits for a rescue under way, and says ${outcome} after its ${end}`,
      async (place) => {
        const { storage } = place;
        const job = await runOne(storage);
        const rescuer = await place.application();
        await rescuer.query("BEGIN");
        await storage.settleJobs([settlement(job, "retryable")], t0, rescuer.tx);
        const answer = watch(settleOne(storage, job, "completed"));
        await untilStuck(place, first, answer);
        expect(answer.isSettled()).toBe(false);
        await rescuer.query(end);
        expect(await answer.promise).toEqual({ outcome });
        expect(await stateOf(storage, job.lease.id)).toBe(state);
      },
    );
  }

  for (const [end, outcome] of [
    ["COMMIT", "existing"],
    ["ROLLBACK", "enqueued"],
  ] as const) {
    law(
      `an enqueue waits for its key's open transaction, and says ${outcome} after its ${end}`,
      async (place) => {
        const { storage } = place;
        const job = aJob({ unique: uniqueOn("k") });
        const other = await place.application();
        await other.query("BEGIN");
        const { id } = single(await storage.insertJobs([job], other.tx));
        const answer = watch(storage.insertJobs([job]));
        await untilStuck(place, first, answer);
        expect(answer.isSettled()).toBe(false);
        await other.query(end);
        const receipt = single(await answer.promise);
        expect(receipt.outcome).toBe(outcome);
        expect(receipt.id === id).toBe(end === "COMMIT");
        expect(await storage.listJobs({}, 10)).toHaveLength(1);
      },
    );
  }

  law(
    "a key whose transaction stays open is UNIQUE_BUSY in the end, and nothing is stored",
    async (place) => {
      const { storage } = place;
      const job = aJob({ unique: uniqueOn("k") });
      const other = await place.application();
      await other.query("BEGIN");
      await storage.insertJobs([job], other.tx);
      await expect(storage.insertJobs([aJob(), job])).rejects.toMatchObject({
        code: "UNIQUE_BUSY",
        retryable: true,
      });
      await other.query("ROLLBACK");
      expect(await storage.listJobs({}, 10)).toEqual([]);
    },
  );

  law(
    "keys are taken in sorted order, so a caller waiting for one holds none behind it",
    async (place) => {
      const { storage } = place;
      const keyed = (key: string) => aJob({ unique: uniqueOn(key) });
      const other = await place.application();
      await other.query("BEGIN");
      await storage.insertJobs([keyed("b")], other.tx);
      const waiting = watch(storage.insertJobs([keyed("d"), keyed("c"), keyed("b"), keyed("a")]));
      await untilStuck(place, first, waiting);
      expect(waiting.isSettled()).toBe(false);
      const behind = await (await place.connect()).insertJobs([keyed("d"), keyed("c")]);
      expect(behind.map(({ outcome }) => outcome)).toEqual(["enqueued", "enqueued"]);
      await other.query("ROLLBACK");
      const outcomes = (await waiting.promise).map(({ outcome }) => outcome);
      expect(outcomes).toEqual(["existing", "existing", "enqueued", "enqueued"]);
    },
  );

  law("a claim steps over jobs others have locked", async (place) => {
    const ids = await enqueue(place.storage, ...someJobs(3));
    await withLocked(place, "live", ids[0], async () => {
      const jobs = await claim(place.storage, await hire(place.storage));
      expect(jobs.map(({ lease }) => lease.id)).toEqual(ids.slice(1));
    });
    expect(await claim(place.storage, await hire(place.storage))).toHaveLength(1);
  });

  law("a promotion steps over jobs others have locked", async (place) => {
    const ids = await enqueue(place.storage, ...someJobs(3, { runAt: t0 + 1 }));
    await withLocked(place, "later", ids[0], async () => {
      expect((await place.storage.promoteJobs(10, t0 + 1)).rows).toBe(2);
    });
    expect((await place.storage.promoteJobs(10, t0 + 1)).rows).toBe(1);
  });

  law("a pruner leaves the work to the one that is at it, and comes again", async (place) => {
    const { storage } = place;
    const id = await enqueueOne(storage);
    await storage.cancelJob(id, stop);
    const other = await place.application();
    await other.query("BEGIN");
    const lock = `${place.table("gate_lock")}('pass:prune')`;
    await other.query(`SELECT pg_advisory_xact_lock(${lock})`);
    expect(await storage.pruneJobs(10, t0 + 100 * dayMs)).toEqual({ rows: 0, more: false });
    await other.query("ROLLBACK");
    expect(await storage.pruneJobs(10, t0 + 100 * dayMs)).toMatchObject({ rows: 1 });
  });

  law("orphans are listed although others have locked them", async (place) => {
    const job = await runOne(place.storage);
    await place.storage.unregisterWorker(job.lease.owner);
    await withLocked(place, "live", job.lease.id, async () => {
      expect(await place.storage.listOrphans(10)).toHaveLength(1);
    });
  });

  law("a heartbeat does not wait for a claim's transaction", async (place) => {
    const { storage } = place;
    const owner = await hire(storage);
    const heart = await storage.openHeart();
    const other = await place.application();
    await other.query("BEGIN");
    await storage.insertJobs([aJob()], other.tx);
    await other.query(`SELECT 1 FROM ${place.table("worker")} FOR KEY SHARE`);
    const beat = watch(heart.beat(owner));
    await eventually("the heartbeat is answered", () => beat.isSettled());
    expect(await beat.promise).toBe("alive");
    await other.query("ROLLBACK");
    await heart.close();
  });
};

/** Does something while another process holds a row. */
async function withLocked(
  place: Place,
  table: string,
  id: string | undefined,
  prove: () => Promise<void>,
): Promise<void> {
  const other = await place.application();
  await other.query("BEGIN");
  await other.query(`SELECT 1 FROM ${place.table(table)} WHERE id = ${id} FOR UPDATE`);
  await prove();
  await other.query("ROLLBACK");
}
