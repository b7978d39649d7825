// @ts-check
// Three worker processes share a queue whose maxRunning is 7; one of them is killed. What is measured comes from a history the
// database itself keeps: how many jobs ran, and whose, after each change.
//   npm run cluster                                          on SQLite, and on a PostgreSQL started for the run
//   node examples/cluster/main.mjs [sqlite|postgres://...]   on a new SQLite file, or on this PostgreSQL (its schema
//                                                            holdfast_cluster is replaced); without either, on SQLite
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isPostgres, openFreshClient, readHistory } from "./database.mjs";
import { callService, leaseMs, maxRunning } from "./job.mjs";
import { kill, startWorkers, stopAll } from "./processes.mjs";

const workers = 3;
/** So many jobs wait at least, until all has been seen. */
const backlog = 40;
const patienceMs = 60_000;
/** Less than a job takes. */
const freshMs = 60;

/**
 * @typedef {{ what: string, holds: boolean }} Finding
 * @param {string} url
 */
async function run(url) {
  const client = await openFreshClient(url);
  const processes = [];
  try {
    await client.queues.update(callService.queue ?? "", { maxRunning });
    processes.push(...(await startWorkers(url, workers)));
    const started = client.clock.now();
    const victim = processes[0];
    if (victim === undefined) throw new Error("there is no worker");
    await until(client, url, (shares) => shares.join() === "3,2,2");
    await untilItHasBegun(client, victim.id);
    const killed = client.clock.now();
    await kill(victim);
    await until(client, url, (shares) => shares.join() === "4,3");
    await untilAllAreDone(client);
    const history = await readHistory(client, url);
    const orphans = await jobsOf(client, victim.id);
    return findings({ history, started, killed, orphans });
  } finally {
    await stopAll(processes);
    await client.close();
  }
}

/**
 * Waits until the workers' shares have been so at some moment.
 * @param {import("holdfast").Client} client
 * @param {string} url
 * @param {(shares: number[]) => boolean} holds
 */
async function until(client, url, holds) {
  const end = Date.now() + patienceMs;
  while (!(await readHistory(client, url)).some(({ running }) => holds(sharesOf(running)))) {
    if (Date.now() > end) throw new Error("the workers never shared as they should");
    await keepBusy(client);
    await sleep(100);
  }
}

/** @param {import("holdfast").Client} client */
async function keepBusy(client) {
  const { available } = await client.jobs.count();
  if (available >= backlog) return;
  await client.enqueueMany(
    callService,
    Array.from({ length: backlog }, () => ({})),
  );
}

/** @param {import("holdfast").Client} client */
async function untilAllAreDone(client) {
  for (;;) {
    const counts = await client.jobs.count();
    if (sum(Object.values(counts)) === counts.completed) return;
    await sleep(100);
  }
}

/**
 * Waits until a worker has just begun a job: between two jobs its death would leave nothing behind.
 * @param {import("holdfast").Client} client
 * @param {string} worker
 */
async function untilItHasBegun(client, worker) {
  for (;;) {
    const { jobs: running } = await client.jobs.list({ name: callService.name, state: "running" });
    const since = client.clock.now() - freshMs;
    if (running.some((job) => job.worker === worker && (job.claimedAt ?? 0) > since)) return;
    await sleep(5);
  }
}

/** @param {ReadonlyMap<string, number>} running */
const sharesOf = (running) => [...running.values()].sort((a, b) => b - a);

/**
 * When the jobs finished that a worker had begun and another one ended.
 * @param {import("holdfast").Client} client
 * @param {string} worker
 */
async function jobsOf(client, worker) {
  const { jobs: all } = await client.jobs.list({ name: callService.name, limit: 1_000 });
  return all.filter(({ attempts }) =>
    attempts.some((attempt) => attempt.worker === worker && attempt.how === "crashed"),
  );
}

/**
 * @param {{ history: readonly import("./database.mjs").Moment[], started: number, killed: number,
 *   orphans: readonly import("holdfast").Job[] }} measured
 * @returns {Finding[]}
 */
function findings({ history, started, killed, orphans }) {
  const most = Math.max(...history.map(({ running }) => sum([...running.values()])));
  const shared = firstOf(history, started, "3,2,2") - started;
  const taken = firstOf(history, killed, "4,3") - killed;
  const finished =
    Math.max(killed, ...orphans.map(({ finishedAt }) => finishedAt ?? Infinity)) - killed;
  return [
    {
      what: `${history.length} moments in the history; at most ${most} of ${maxRunning} jobs ran at once`,
      holds: most === maxRunning,
    },
    { what: `shared 3/2/2 after ${shared} ms (at most 2000)`, holds: shared <= 2_000 },
    {
      what: `killed one: the others ran 4/3 after ${taken} ms (lease ${leaseMs} ms + 5000)`,
      holds: taken <= leaseMs + 5_000,
    },
    {
      what: `its ${orphans.length} jobs were finished elsewhere after ${finished} ms (lease ${leaseMs} ms + 5000)`,
      holds: orphans.length > 0 && finished <= leaseMs + 5_000,
    },
  ];
}

/** @param {readonly number[]} numbers */
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/**
 * @param {readonly import("./database.mjs").Moment[]} history
 * @param {number} from
 * @param {string} shares
 */
function firstOf(history, from, shares) {
  const found = history.find(
    ({ at, running }) => at >= from && sharesOf(running).join() === shares,
  );
  return found?.at ?? Infinity;
}

const folder = await mkdtemp(join(tmpdir(), "holdfast-cluster-"));
try {
  const [, , ...given] = process.argv;
  for (const place of given.length === 0 ? ["sqlite"] : given) {
    const url = place === "sqlite" ? `sqlite:${join(folder, "jobs.db")}` : place;
    console.log(isPostgres(url) ? "PostgreSQL" : "SQLite");
    for (const { what, holds } of await run(url)) {
      console.log(`  ${holds ? "ok  " : "FAIL"} ${what}`);
      if (!holds) process.exitCode = 1;
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
