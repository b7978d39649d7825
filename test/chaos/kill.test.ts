import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Crew, reportsOf, type Seen, startCrew, type WorkerProcess } from "./support/crew.ts";
import { leaveMark } from "./support/jobs.mjs";
import { countMarks, openPlace, type Place, workerApplication } from "./support/place.ts";
import { databases, secondsOf, stress } from "./support/settings.ts";
import { until } from "./support/until.ts";

const seconds = secondsOf(10);
/** The long form does them all, the short one as many as it has time for. */
const jobs = 20_000;
const fewestJobs = stress ? jobs : 500;
const size = 4;
const killEveryMs = 500;
const terminateEveryMs = 1_000;
const recoveryMs = 10_000;

/** Jobs are brought as fast as they are done, so that kills hit busy processes and few jobs wait after the last. */
const feedEveryMs = 50;
const mostWaiting = 500;
const longestWorkMs = 10;

/** A job that a killed process held. */
interface Held {
  readonly id: string;
  readonly run: number;
}

interface Kill {
  readonly at: number;
  readonly held: readonly Held[];
}

test.for(databases)(
  "%s: every job completes and leaves its mark exactly once while processes are killed and connections are cut",
  { timeout: (3 * seconds + 240) * 1_000 },
  async (kind, { onTestFinished }) => {
    const place = await openPlace(kind, onTestFinished);
    const crew = await startCrew(place, {
      size,
      options: { lease: "2s", maxCrashes: Number.POSITIVE_INFINITY },
      replace: true,
    });
    const end = performance.now() + seconds * 1_000;
    let fed = 0;
    const over = () => performance.now() > end && fed >= fewestJobs;
    const [kills, cut] = await Promise.all([
      killWorkers(place, crew, over),
      cutConnections(place, over),
      feed(place, crew, over, (count) => {
        fed += count;
      }),
    ]);
    const lastKill = kills.at(-1)?.at ?? 0;
    await until("all jobs have completed", lastKill + recoveryMs - performance.now(), async () => {
      return (await place.client.jobs.count()).completed === fed;
    });
    const drainedMs = performance.now() - lastKill;

    expect(await countMarks(place)).toEqual({ rows: fed, jobs: fed });
    const count = await place.client.jobs.count();
    expect(count).toEqual({ ...count, running: 0, retryable: 0, discarded: 0, completed: fed });
    expect(crew.deaths.filter(({ signal }) => signal !== "SIGKILL")).toEqual([]);
    const hits = kills.filter(({ held }) => held.length > 0).length;
    expect(hits).toBeGreaterThan(kills.length / 2);
    if (kind === "postgres") expect(cut).toBeGreaterThanOrEqual(seconds / 2);
    await print(place, crew, { fed, kills, hits, cut, drainedMs });
  },
);

async function feed(
  { client }: Place,
  crew: Crew,
  over: () => boolean,
  count: (jobs: number) => void,
): Promise<void> {
  for (let fed = 0; fed < jobs && !over(); await sleep(feedEveryMs)) {
    const begun = new Set(reportsOf(crew, "began").map(({ job }) => job)).size;
    const room = Math.min(jobs - fed, mostWaiting - (fed - begun));
    const payloads = Array.from({ length: Math.max(0, room) }, (_, n) => ({
      workMs: n % longestWorkMs,
    }));
    await client.enqueueMany(leaveMark, payloads);
    fed += payloads.length;
    count(payloads.length);
  }
}

async function killWorkers(
  place: Place,
  crew: Crew,
  over: () => boolean,
): Promise<readonly Kill[]> {
  const kills: Promise<Kill>[] = [];
  for (let next = performance.now(); !over(); next += killEveryMs) {
    await sleep(next - performance.now());
    const victims = crew.ready();
    const victim = victims[Math.floor(Math.random() * victims.length)];
    if (victim !== undefined) kills.push(kill(victim, place));
  }
  return Promise.all(kills);
}

async function kill(victim: WorkerProcess, { client }: Place): Promise<Kill> {
  const at = performance.now();
  victim.signal("SIGKILL");
  await victim.ended;
  const workers = (await client.workers.list()).filter(({ pid }) => pid === victim.pid);
  const { jobs: running } = await client.jobs.list({ state: "running", limit: 1_000 });
  return { at, held: running.filter((job) => workers.some(({ id }) => id === job.worker)) };
}

async function cutConnections(place: Place, over: () => boolean): Promise<number> {
  if (place.kind === "sqlite") return 0;
  let cut = 0;
  while (!over()) {
    await sleep(terminateEveryMs);
    const rows = await place.query(
      `SELECT pg_terminate_backend(pid) FROM (
         SELECT pid FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = $1 ORDER BY random() LIMIT 1) AS victim`,
      [workerApplication],
    );
    cut += rows.length;
  }
  return cut;
}

interface Measured {
  readonly fed: number;
  readonly kills: readonly Kill[];
  readonly hits: number;
  readonly cut: number;
  readonly drainedMs: number;
}

async function print(place: Place, crew: Crew, { fed, kills, hits, cut, drainedMs }: Measured) {
  const [sums] = await place.query<{ runs: unknown; crashes: unknown }>(
    `SELECT sum(run) AS runs, sum(crashes) AS crashes FROM ${place.table("done")}`,
  );
  const orphans = kills.reduce((sum, { held }) => sum + held.length, 0);
  console.log(
    `${place.kind}: ${fed} jobs, ${kills.length} kills (${hits} hit ${orphans} jobs), ${cut} connections cut, ` +
      `${Number(sums?.runs)} attempts, slowest recovery ${inSeconds(slowestRecovery(kills, crew))}, ` +
      `all done ${inSeconds(drainedMs)} after the last kill`,
  );
}

/** The longest time from a kill to the moment a job of the killed process ran again. */
function slowestRecovery(kills: readonly Kill[], crew: Crew): number {
  const began = new Map<string, Seen<"began">[]>();
  for (const report of reportsOf(crew, "began")) {
    began.set(report.job, [...(began.get(report.job) ?? []), report]);
  }
  const recoveries = kills.flatMap(({ at, held }) =>
    held.map(({ id, run }) => {
      const again = began.get(id)?.find((report) => report.run > run);
      return again === undefined ? 0 : again.at - at;
    }),
  );
  return Math.max(0, ...recoveries);
}

const inSeconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
