import { expect, test } from "vitest";
import { type Crew, reportsOf, startCrew, type WorkerProcess } from "./support/crew.ts";
import { leaveMark, outliveLease, work } from "./support/jobs.mjs";
import { openPlace, type Place } from "./support/place.ts";
import { databases } from "./support/settings.ts";
import { until } from "./support/until.ts";

const lease = "1s";
const workMs = 2_500;
const patienceMs = 15_000;

test.concurrent.for(databases)(
  "%s: a worker paused past its lease changes nothing when it comes back, hears LEASE_LOST, and works on under a new id",
  { timeout: 60_000 },
  async (kind, { onTestFinished }) => {
    const place = await openPlace(kind, onTestFinished);
    const { client } = place;
    const stale = await startCrew(place, { size: 1, options: { lease } });
    // The first waits for its signal. The others are about to end when their process is paused, and end when it comes back.
    const waiting = await client.enqueue(outliveLease, { workMs });
    const marking = await client.enqueue(leaveMark, { workMs });
    const returning = await client.enqueue(work, { workMs });
    const ids = [waiting.id, marking.id, returning.id];
    await until("all jobs run", patienceMs, () => reportsOf(stale, "began").length === 3);
    const [owner] = stale.alive();
    if (owner === undefined) throw new Error("the worker died");
    const [registered] = await client.workers.list();

    await pause(owner, place);
    const paused = performance.now();
    const rescuers = await startCrew(place, { size: 1, options: { lease, concurrency: 10 } });
    await until("all jobs run again", patienceMs, () => runsTwo(rescuers) === 3);
    const rescueMs = performance.now() - paused;

    // While they run again, the old owner comes back and writes what it can.
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
    const [rescuer] = new Set(reportsOf(rescuers, "began").map(({ worker }) => worker));
    const attempts = [{ how: "crashed" }, { how: "completed", run: 2, worker: rescuer }];
    const jobs = await Promise.all(ids.map((id) => client.jobs.get(id)));
    const completed = { state: "completed", run: 2, crashes: 1, progress: null, attempts };
    expect(jobs).toMatchObject([
      { ...completed, result: "run 2" },
      { ...completed, result: "run 2" },
      completed,
    ]);
    expect(await marks(place)).toEqual([
      { job: waiting.id, run: 2 },
      { job: marking.id, run: 2 },
    ]);

    await rescuers.stop();
    expect(await workerOfNewJob(place, stale)).not.toBe(registered?.id);
    expect([...stale.deaths, ...rescuers.deaths]).toEqual([]);
    await stale.stop();
    console.log(
      `${kind}: all three jobs run again ${seconds(rescueMs)} after the pause began; ` +
        `the handler heard LEASE_LOST ${seconds(toldMs)} after it ended`,
    );
  },
);

const runsTwo = (crew: Crew) => reportsOf(crew, "began").filter(({ run }) => run === 2).length;

async function marks({ query }: Place): Promise<readonly { job: string; run: number }[]> {
  const rows = await query<{ job: unknown; run: number }>("SELECT job, run FROM mark ORDER BY job");
  return rows.map(({ job, run }) => ({ job: String(job), run }));
}

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
