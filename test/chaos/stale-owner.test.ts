import { expect, test } from "vitest";
import { type Crew, reportsOf, startCrew, type WorkerProcess } from "./support/crew.ts";
import { leaveMark, outliveLease } from "./support/jobs.mjs";
import { openPlace, type Place } from "./support/place.ts";
import { databases } from "./support/settings.ts";
import { until } from "./support/until.ts";

const lease = "1s";
const patienceMs = 15_000;

test.concurrent.for(databases)(
  "%s: a worker paused past its lease changes nothing when it comes back, hears LEASE_LOST, and works on under a new id",
  { timeout: 60_000 },
  async (kind, { onTestFinished }) => {
    const place = await openPlace(kind, onTestFinished);
    const { client } = place;
    const stale = await startCrew(place, { size: 1, options: { lease } });
    // One job waits for its signal; the other is about to end when its process is paused, and ends the moment it comes back.
    const waiting = await client.enqueue(outliveLease, {});
    const ending = await client.enqueue(leaveMark, { workMs: 2_500 });
    const ids = [waiting.id, ending.id];
    await until("both jobs run", patienceMs, () => reportsOf(stale, "began").length === 2);
    const [owner] = stale.alive();
    if (owner === undefined) throw new Error("the worker died");
    const [firstRegistration] = await client.workers.list();

    await pause(owner, place);
    const paused = performance.now();
    const rescuers = await startCrew(place, { size: 1, options: { lease } });
    const rescued = await Promise.all(
      ids.map((id) => client.handle(id).finished({ timeout: "20s" })),
    );
    const rescueMs = performance.now() - paused;
    expect(rescued.map(({ state }) => state)).toEqual(["completed", "completed"]);
    const before = await everything(place, ids);

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

    await rescuers.stop();
    const worker = await worksAgain(place, stale);
    expect(worker).not.toBe(firstRegistration?.id);
    expect(await everything(place, ids)).toEqual(before);
    expect(before.jobs).toMatchObject([
      { run: 2, attempts: [{ how: "crashed" }, { how: "completed" }], result: "run 2" },
      { run: 2, attempts: [{ how: "crashed" }, { how: "completed" }], result: "run 2" },
    ]);
    expect(before.marks.map(({ run }) => run)).toEqual([2, 2]);
    expect(stale.deaths).toEqual([]);
    await stale.stop();
    console.log(
      `${kind}: both jobs rescued and done ${seconds(rescueMs)} after the pause began; ` +
        `the handler heard LEASE_LOST ${seconds(toldMs)} after it ended`,
    );
  },
);

/** Everything the stale worker could have changed. */
async function everything({ client, query }: Place, ids: readonly string[]) {
  const jobs = await Promise.all(ids.map((id) => client.jobs.get(id)));
  const marks = await query<{ job: unknown; run: number; worker: string }>(
    `SELECT job, run, worker FROM mark WHERE job IN (${ids.join(", ")}) ORDER BY job`,
  );
  return { jobs, marks };
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
async function worksAgain({ client }: Place, crew: Crew): Promise<string | undefined> {
  const { id } = await client.enqueue(leaveMark, { workMs: 0 });
  await client.handle(id).finished({ timeout: "20s" });
  return reportsOf(crew, "began").find(({ job }) => job === id)?.worker;
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
