import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Crew, reportsOf, type Seen, startCrew, type WorkerProcess } from "./support/crew.ts";
import { expectCounted } from "./support/expect-counted.ts";
import { leaveMark } from "./support/jobs.mjs";
import { applicationOf, countMarks, openPlace, type Place } from "./support/place.ts";
import { databases, secondsOf, stress } from "./support/settings.ts";
import { until } from "./support/until.ts";

const seconds = secondsOf(10);
/** A stress of half a minute or more goes on until 20,000 are done; a shorter one does as many as it has time for. */
const fewestJobs = stress && seconds >= 30 ? 20_000 : 25 * seconds;
const size = 4;
const killEveryMs = 500;
/** How long a process has worked at least before it is hit: its first jobs open its connections. */
const settledMs = 1_000;
const terminateEveryMs = 1_000;
const againMs = 50;
const recoveryMs = 10_000;
const drainMs = 30_000;

/** Jobs are brought as fast as they are done, so that kills hit busy processes and few jobs wait after the last. */
const feedEveryMs = 50;
const mostWaiting = 250;
const longestWorkMs = 10;

/** A running job, and the process whose registered worker holds it. */
interface Held {
  readonly id: string;
  readonly run: number;
  readonly pid: number | undefined;
}

interface Kill {
  readonly at: number;
  readonly held: readonly Held[];
}

test.for(databases)(
  "%s: every job completes and leaves its mark exactly once while processes are killed and connections are cut",
  // A slow machine of two cores, which starts processes most of the time, does some 30 jobs a second on PostgreSQL.
  { timeout: (3 * seconds + 240 + fewestJobs / 20) * 1_000 },
  async (kind, { onTestFinished }) => {
    const place = await openPlace(kind, onTestFinished);
    const crew = await startCrew(place, {
      size,
      options: { lease: "2s", maxCrashes: Number.POSITIVE_INFINITY },
      replace: true,
    });
    const end = performance.now() + seconds * 1_000;
    let [fed, cut] = [0, 0];
    const fewestCuts = kind === "postgres" ? seconds / 2 : 0;
    const over = () => performance.now() > end && fed >= fewestJobs && cut >= fewestCuts;
    const [kills] = await Promise.all([
      killWorkers(place, crew, over),
      cutConnections(place, crew, over, (count) => {
        cut += count;
      }),
      feed(place, crew, over, (count) => {
        fed += count;
      }),
    ]);
    const lastKill = kills.at(-1)?.at ?? 0;
    const sinceLastKill = () => performance.now() - lastKill;
    await until("no job is left with a dead process", recoveryMs - sinceLastKill(), async () => {
      const held = await runningJobs(place);
      const alive = crew.alive().map(({ pid }) => pid);
      return held.every(({ pid }) => pid !== undefined && alive.includes(pid));
    });
    const recoveredMs = sinceLastKill();
    await until("all jobs have completed", drainMs, async () => {
      return (await place.client.jobs.count()).completed === fed;
    });
    const drainedMs = sinceLastKill();

    const count = await place.client.jobs.count();
    expect(count).toEqual({ ...count, running: 0, retryable: 0, discarded: 0, completed: fed });
    expect(await countMarks(place)).toEqual({ rows: fed, jobs: fed });
    expect(fed).toBeGreaterThanOrEqual(fewestJobs);
    await expectCounted(place.client);
    expect(crew.deaths.filter((death) => death.signal !== "SIGKILL")).toEqual([]);
    const hits = kills.filter(({ held }) => held.length > 0).length;
    expect(hits).toBeGreaterThan(kills.length / 2);
    expect(cut).toBeGreaterThanOrEqual(fewestCuts);
    await print(place, crew, { fed, kills, hits, cut, recoveredMs, drainedMs });
  },
);

async function feed(
  { client }: Place,
  crew: Crew,
  over: () => boolean,
  count: (jobs: number) => void,
): Promise<void> {
  for (let fed = 0; !over(); await sleep(feedEveryMs)) {
    const begun = new Set(reportsOf(crew, "began").map(({ job }) => job)).size;
    const room = Math.max(0, mostWaiting - (fed - begun));
    const payloads = Array.from({ length: room }, (_, n) => ({ workMs: n % longestWorkMs }));
    await client.enqueueMany(leaveMark, payloads);
    fed += room;
    count(room);
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
    const victims = atWork(crew);
    const victim = victims[Math.floor(Math.random() * victims.length)];
    if (victim !== undefined) kills.push(kill(victim, place));
  }
  return Promise.all(kills);
}

/**
 * Who has worked for a while: the only ones to hit. Where starting takes as long as the blows are apart nobody would ever get
 * to work, and a connection cut while a process starts ends its start, as it would any program's.
 */
function atWork(crew: Crew): readonly WorkerProcess[] {
  const since = performance.now() - settledMs;
  const settled = new Set(
    reportsOf(crew, "began")
      .filter(({ at }) => at < since)
      .map(({ pid }) => pid),
  );
  return crew.ready().filter(({ pid }) => settled.has(pid));
}

async function kill(victim: WorkerProcess, place: Place): Promise<Kill> {
  const at = performance.now();
  victim.signal("SIGKILL");
  await victim.ended;
  const running = await runningJobs(place);
  return { at, held: running.filter(({ pid }) => pid === victim.pid) };
}

/** The running jobs and whose they are; a process that died a moment ago is still registered. */
async function runningJobs({ client }: Place): Promise<readonly Held[]> {
  const pids = new Map((await client.workers.list()).map(({ id, pid }) => [id, pid]));
  const { jobs } = await client.jobs.list({ state: "running", limit: 1_000 });
  return jobs.map(({ id, run, worker }) => ({ id, run, pid: pids.get(worker ?? "") }));
}

async function cutConnections(
  place: Place,
  crew: Crew,
  over: () => boolean,
  count: (connections: number) => void,
): Promise<void> {
  if (place.kind === "sqlite") return;
  for (let waitMs = terminateEveryMs; !over(); ) {
    await sleep(waitMs);
    const rows = await place.query(
      `SELECT pg_terminate_backend(pid) FROM (
         SELECT pid FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = ANY($1) ORDER BY random() LIMIT 1) AS victim`,
      [atWork(crew).map(({ pid }) => applicationOf(pid))],
    );
    count(rows.length);
    // On a slow machine there are moments in which all who can be hit are still starting.
    waitMs = rows.length === 0 ? againMs : terminateEveryMs;
  }
}

interface Measured {
  readonly fed: number;
  readonly kills: readonly Kill[];
  readonly hits: number;
  readonly cut: number;
  /** From the last kill until no job was left with a dead process, and until all jobs had completed. */
  readonly recoveredMs: number;
  readonly drainedMs: number;
}

async function print(
  place: Place,
  crew: Crew,
  { fed, kills, hits, cut, recoveredMs, drainedMs }: Measured,
) {
  const [sums] = await place.query<{ runs: unknown; crashes: unknown }>(
    `SELECT sum(run) AS runs, sum(crashes) AS crashes FROM ${place.table("done")}`,
  );
  const orphans = kills.reduce((sum, { held }) => sum + held.length, 0);
  console.log(
    `${place.kind}: ${fed} jobs, ${kills.length} kills (${hits} hit ${orphans} jobs), ${cut} connections cut, ` +
      `${Number(sums?.runs)} attempts, slowest recovery ${inSeconds(slowestRecovery(kills, crew))}, ` +
      `nothing left with the dead ${inSeconds(recoveredMs)} and all done ${inSeconds(drainedMs)} after the last kill`,
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
