import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Crew, reportsOf, type Seen, startCrew } from "./support/crew.ts";
import { leaveMark } from "./support/jobs.mjs";
import { countMarks, openPlace, type Place, workerApplication } from "./support/place.ts";
import { databases, secondsOf } from "./support/settings.ts";
import { until } from "./support/until.ts";

const seconds = secondsOf(10);
const jobs = 2_000 * Math.max(seconds, 10);
const size = 4;
const killEveryMs = 500;
const terminateEveryMs = 1_000;
const recoveryMs = 10_000;

/** Jobs are brought at the pace of the kills, so that no process dies idle; waiting ones never pile up. */
const feedEveryMs = 100;
const fedAtOnce = Math.ceil((jobs / seconds / 1_000) * feedEveryMs);
const mostWaiting = 1_000;

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
  { timeout: (3 * seconds + 60) * 1_000 },
  async (kind, { onTestFinished }) => {
    const place = await openPlace(kind, onTestFinished);
    const crew = await startCrew(place, {
      size,
      options: { lease: "2s", maxCrashes: Number.POSITIVE_INFINITY },
      replace: true,
    });
    const started = performance.now();
    const end = { reached: false };
    const feeding = feed(place, crew).finally(() => {
      end.reached = true;
    });
    const over = () => end.reached && performance.now() - started > seconds * 1_000;
    const [kills, cut] = await Promise.all([
      killWorkers(place, crew, over),
      cutConnections(place, over),
      feeding,
    ]);
    const lastKill = kills.at(-1)?.at ?? 0;
    await until("all jobs have completed", lastKill + recoveryMs - performance.now(), async () => {
      const count = await place.client.jobs.count();
      return count.completed === jobs && count;
    });
    const drainedMs = performance.now() - lastKill;

    expect(await countMarks(place)).toEqual({ rows: jobs, jobs });
    const count = await place.client.jobs.count();
    expect(count).toEqual({ ...count, running: 0, retryable: 0, discarded: 0, completed: jobs });
    expect(crew.deaths.filter(({ signal }) => signal !== "SIGKILL")).toEqual([]);
    const hits = kills.filter(({ held }) => held.length > 0).length;
    expect(hits).toBeGreaterThan(kills.length / 2);
    if (kind === "postgres") expect(cut).toBeGreaterThanOrEqual(seconds / 2);
    await print(place, crew, { kills, hits, cut, drainedMs });
  },
);

async function feed({ client }: Place, crew: Crew): Promise<void> {
  const payloads = Array.from({ length: jobs }, (_, index) => ({ workMs: index % 20 }));
  for (let fed = 0; fed < jobs; ) {
    const waiting = fed - new Set(reportsOf(crew, "began").map(({ job }) => job)).size;
    const next = payloads.slice(fed, fed + Math.min(fedAtOnce, Math.max(0, mostWaiting - waiting)));
    await client.enqueueMany(leaveMark, next);
    fed += next.length;
    await sleep(feedEveryMs);
  }
}

async function killWorkers(
  place: Place,
  crew: Crew,
  over: () => boolean,
): Promise<readonly Kill[]> {
  const kills: Kill[] = [];
  while (!over()) {
    await sleep(killEveryMs);
    const alive = crew.alive();
    const victim = alive[Math.floor(Math.random() * alive.length)];
    if (victim === undefined) continue;
    const at = performance.now();
    victim.signal("SIGKILL");
    await victim.ended;
    kills.push({ at, held: await heldBy(place, victim.pid) });
  }
  return kills;
}

async function heldBy({ query, table }: Place, pid: number): Promise<readonly Held[]> {
  const rows = await query<{ id: unknown; run: number }>(
    `SELECT live.id AS id, live.run AS run FROM ${table("live")} AS live
     JOIN ${table("worker")} AS worker ON worker.id = live.owner WHERE worker.pid = $1`,
    [pid],
  );
  return rows.map(({ id, run }) => ({ id: String(id), run }));
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
  readonly kills: readonly Kill[];
  readonly hits: number;
  readonly cut: number;
  readonly drainedMs: number;
}

async function print(place: Place, crew: Crew, { kills, hits, cut, drainedMs }: Measured) {
  const [sums] = await place.query<{ runs: unknown; crashes: unknown }>(
    `SELECT sum(run) AS runs, sum(crashes) AS crashes FROM ${place.table("done")}`,
  );
  const orphans = kills.reduce((sum, { held }) => sum + held.length, 0);
  console.log(
    `${place.kind}: ${jobs} jobs, ${kills.length} kills (${hits} hit ${orphans} jobs), ${cut} connections cut, ` +
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
