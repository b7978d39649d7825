import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Crew, reportsOf, startCrew, type WorkerProcess } from "./support/crew.ts";
import { leaveMark, outliveLease, work } from "./support/jobs.mjs";
import { openPlace, type Place } from "./support/place.ts";
import { databases } from "./support/settings.ts";
import { until } from "./support/until.ts";

const lease = "1s";
const workMs = 2_000;
const patienceMs = 15_000;

test.concurrent.for(databases)(
  "%s: a worker paused past its lease changes nothing when it comes back, hears LEASE_LOST, and works on under a new id",
  { timeout: 60_000 },
  async (kind, { onTestFinished }) => {
    const place = await openPlace(kind, onTestFinished);
    const { client } = place;
    const stale = await startCrew(place, { size: 1, options: { lease } });
    // One waits for its signal; the other is about to return when its process is paused, and returns when it comes back.
    const waiting = await client.enqueue(outliveLease, { workMs });
    const returning = await client.enqueue(work, { workMs });
    const ids = [waiting.id, returning.id];
    await until("both jobs run", patienceMs, () => reportsOf(stale, "began").length === 2);
    const [owner] = stale.alive();
    if (owner === undefined) throw new Error("the worker died");
    const [registered] = await client.workers.list();

    await pause(owner, place);
    const paused = performance.now();
    // A job that crashed runs with nothing beside it, so each needs a worker.
    const rescuers = await startCrew(place, { size: 2, options: { lease, concurrency: 1 } });
    await until("both jobs run again", patienceMs, () => reportsOf(rescuers, "began").length === 2);
    const rescueMs = performance.now() - paused;

    // While they run again, the old owner comes back with its work done, and writes what it can.
    await sleep(Math.max(0, workMs - rescueMs));
    owner.signal("SIGCONT");
    const woken = performance.now();
    await until("its handler is told", patienceMs, () => reportsOf(stale, "refused").length === 2);
    const toldMs = (reportsOf(stale, "aborted")[0]?.at ?? 0) - woken;
    expect(reportsOf(stale, "aborted")).toMatchObject([
      { job: waiting.id, run: 1, kind: "lease-lost", code: "LEASE_LOST" },
    ]);
    expect(reportsOf(stale, "refused")).toMatchObject([
      { call: "progress", code: "LEASE_LOST" },
      { call: "transaction", code: "LEASE_LOST" },
    ]);

    await Promise.all(ids.map((id) => client.handle(id).finished({ timeout: "20s" })));
    const jobs = await Promise.all(ids.map((id) => client.jobs.get(id)));
    const attempts = [
      { how: "crashed", run: 1 },
      { how: "completed", run: 2 },
    ];
    const completed = { state: "completed", run: 2, crashes: 1, progress: undefined, attempts };
    expect(jobs).toMatchObject([{ ...completed, result: "run 2" }, completed]);
    expect(await place.query("SELECT run FROM mark")).toEqual([{ run: 2 }]);

    await rescuers.stop();
    expect(await workerOfNewJob(place, stale)).not.toBe(registered?.id);
    expect([...stale.deaths, ...rescuers.deaths]).toEqual([]);
    await stale.stop();
    console.log(
      `${kind}: both jobs ran again ${seconds(rescueMs)} after the pause began; ` +
        `the handler heard LEASE_LOST ${Math.round(toldMs)} ms after it ended`,
    );
  },
);

/** Pauses a process, but not in the instant in which it holds the one writer of a SQLite file: nobody could work then. */
async function pause(worker: WorkerProcess, place: Place): Promise<void> {
  for (;;) {
    worker.signal("SIGSTOP");
    const free = place.query("SELECT 1").then(() => true);
    const timer = new Promise<false>((resolve) => setTimeout(() => resolve(false), 500));
    if (await Promise.race([free, timer])) return;
    worker.signal("SIGCONT");
    await free;
  }
}

/** The id under which the worker runs a new job. */
async function workerOfNewJob({ client }: Place, crew: Crew): Promise<string | undefined> {
  const { id } = await client.enqueue(leaveMark, { workMs: 0 });
  await client.handle(id).finished({ timeout: "20s" });
  return reportsOf(crew, "began").find(({ job }) => job === id)?.worker;
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
