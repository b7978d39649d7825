import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Crew, reportsOf, startCrew, type WorkerProcess } from "./support/crew.ts";
import { leaveMark } from "./support/jobs.mjs";
import { countMarks, openPlace } from "./support/place.ts";
import { databases, stress } from "./support/settings.ts";
import { until } from "./support/until.ts";

const hourMs = 3_600_000;
const delayMs = 1_500;
const patienceMs = 20_000;
/** By then every client has measured the database's time again, which on SQLite is the machine's. */
const measuredMs = stress ? 65_000 : 0;
/** In a minute on a busy machine a thread waits for its turn for a second once in a while. */
const leaseMs = stress ? 3_000 : 1_000;
/** After a jump back, a clock that has noticed runs at half speed; clocks notice one after the other. */
const slackMs = stress ? { early: 1_000, late: delayMs + 1_500 } : { early: 50, late: 1_500 };

const jumps = databases.flatMap((kind) => [
  [kind, "back", -hourMs] as const,
  [kind, "forward", hourMs] as const,
]);

test.concurrent.for(jumps)(
  "%s: when the wall clock jumps %s an hour, due jobs run in time, nothing is rescued and nothing runs twice",
  { timeout: measuredMs + 60_000 },
  async ([kind, direction, jumpMs], { onTestFinished }) => {
    const place = await openPlace(kind, onTestFinished);
    const { client } = place;
    const preload = new URL("support/shifted-clock.mjs", import.meta.url).href;
    const crew = await startCrew(place, { size: 2, options: { lease: leaseMs }, preload });
    const [enqueuer] = crew.alive();
    if (enqueuer === undefined) throw new Error("no worker is alive");
    const registered = (await client.workers.list()).map(({ id }) => id);
    const running = await enqueue(enqueuer, crew, { workMs: measuredMs + 2_500 });
    const dueAcross = await enqueue(enqueuer, crew, { workMs: 0 }, delayMs);

    for (const worker of crew.alive()) worker.order({ order: "shift-clock", ms: jumpMs });
    await until(
      "both clocks have jumped",
      patienceMs,
      () => reportsOf(crew, "clock-shifted").length === 2,
    );
    for (const { byMs } of reportsOf(crew, "clock-shifted")) {
      expect(Math.abs(byMs - jumpMs)).toBeLessThan(patienceMs);
    }
    await sleep(measuredMs);
    const atOnce = await enqueue(enqueuer, crew, { workMs: 0 });
    const dueAfter = await enqueue(enqueuer, crew, { workMs: 0 }, delayMs);

    const ids = [running, dueAcross, atOnce, dueAfter].flatMap((batch) => batch.ids);
    await until("all jobs have completed", patienceMs, async () => {
      return (await client.jobs.count()).completed === ids.length;
    });
    const { jobs } = await client.jobs.list();
    expect(jobs.filter(({ run, crashes }) => run !== 1 || crashes !== 0)).toEqual([]);
    expect(await countMarks(place)).toEqual({ rows: ids.length, jobs: ids.length });
    expect((await client.workers.list()).map(({ id }) => id)).toEqual(registered);
    const waits = [dueAcross, dueAfter].map((batch) => waitsOf(batch, crew));
    for (const ms of waits.flat()) {
      expect(ms).toBeGreaterThan(delayMs - slackMs.early);
      expect(ms).toBeLessThan(delayMs + slackMs.late);
    }
    for (const ms of waitsOf(atOnce, crew)) expect(ms).toBeLessThan(slackMs.late);
    expect(crew.deaths).toEqual([]);
    await crew.stop();
    const [across, after] = waits.map((each) => Math.round(Math.max(...each)));
    console.log(
      `${kind}: clock ${direction} an hour: jobs due in ${delayMs} ms began after ${across} ms across the jump, after ${after} ms behind it`,
    );
  },
);

interface Batch {
  readonly ids: readonly string[];
  readonly at: number;
}

/** Five jobs, enqueued by a process whose clock jumps. */
async function enqueue(
  worker: WorkerProcess,
  crew: Crew,
  payload: { workMs: number },
  delay = 0,
): Promise<Batch> {
  const known = reportsOf(crew, "enqueued").length;
  const payloads = Array.from({ length: 5 }, () => payload);
  const at = performance.now();
  worker.order({ order: "enqueue", name: leaveMark.name, payloads, options: { delay } });
  const report = await until(
    "the jobs are enqueued",
    patienceMs,
    () => reportsOf(crew, "enqueued")[known],
  );
  return { ids: report.ids, at };
}

/** How long after the call each job of a batch began, by the test's own clock. */
function waitsOf({ ids, at }: Batch, crew: Crew): readonly number[] {
  return reportsOf(crew, "began")
    .filter(({ job }) => ids.includes(job))
    .map((report) => report.at - at);
}
