import * as library from "../../dist/index.js";
import { elapsed } from "../elapsed.ts";
import { describeHost, versionOf } from "../machine.ts";
import type { Place, Room } from "../places/place.ts";
import { startPostgresPlace } from "../places/postgres.ts";
import { startSqlitePlace } from "../places/sqlite.ts";
import {
  type DashboardBackend,
  type DashboardRun,
  dashboardResults,
  dashboardTarget,
  type MeasuredDatabase,
  type MeasuredRequest,
  verdictOf,
} from "../report/dashboard-run.ts";
import { saveResults, writeResults } from "../report/results-file.ts";
import { percentile } from "../scenarios/percentile.ts";
import { UsageError } from "../usage-error.ts";
import { type Asker, createAsker } from "./asker.ts";
import { type DashboardPlan, readDashboardOptions } from "./options.ts";
import type { PageRequest } from "./page-request.ts";
import { postgresWalks } from "./postgres-walks.ts";
import { printDatabase } from "./print-database.ts";
import { pageRequests } from "./requests.ts";
import { seed } from "./seed.ts";
import { openSqliteWalks } from "./sqlite-walks.ts";

const starts = { postgres: startPostgresPlace, sqlite: startSqlitePlace };

async function measure(
  place: Place,
  backend: DashboardBackend,
  plan: DashboardPlan,
): Promise<MeasuredDatabase> {
  const room = await place.openRoom("dashboard");
  const startedAt = Date.now();
  const sizes = { finished: plan.finished[backend], waiting: plan.waiting };
  await seed(library, room.url, backend, sizes);
  await room.settle();
  console.log(
    `\n${backend} ${place.version}: ${sizes.finished} finished and ${sizes.waiting} waiting jobs, put in within ${elapsed(startedAt)}`,
  );
  const client = await library.createClient(room.url);
  const worker = busyWorker(client);
  await worker.start();
  const asked = await pageRequests(client);
  const ask = createAsker(client);
  const took = await timeAll(ask, asked, plan.rounds);
  // It looks through all that is live every few minutes, which is not the dashboard's doing.
  await worker.stop();
  try {
    const walks = await findWalks(createAsker(client), asked, room);
    const requests: MeasuredRequest[] = [];
    for (const [at, request] of asked.entries()) {
      requests.push(await finding(ask, request, took[at] ?? [], walks[at] ?? []));
    }
    const verdict = requests.every((one) => one.verdict === "PASS") ? "PASS" : "MISS";
    return { backend, version: place.version, ...sizes, verdict, requests };
  } finally {
    await client.close();
    await room.drop();
  }
}

/** A worker whose jobs run until it stops. */
function busyWorker(client: library.Client): library.Worker {
  const handler = library
    .defineJob<unknown, void>({ name: "name-3" })
    .handler(
      (_, { signal }) => new Promise((end) => signal.addEventListener("abort", () => end())),
    );
  const queues = { "queue-3": { concurrency: 20 } };
  return library.createWorker(client, { handlers: [handler], queues, drain: "1s" });
}

async function timeAll(
  ask: Asker,
  requests: readonly PageRequest[],
  rounds: number,
): Promise<readonly (readonly number[])[]> {
  const took = requests.map((): number[] => []);
  for (let round = -1; round < rounds; round += 1) {
    for (const [at, request] of requests.entries()) {
      const began = performance.now();
      await ask(request);
      // The first round warms up.
      if (round >= 0) took[at]?.push(performance.now() - began);
    }
  }
  return took;
}

/** On PostgreSQL each is asked by itself only where all of them together have walked a table. */
async function findWalks(
  ask: Asker,
  requests: readonly PageRequest[],
  { url, sql }: Room,
): Promise<readonly (readonly string[])[]> {
  const walks: (readonly string[])[] = [];
  if (sql === undefined) {
    const watched = openSqliteWalks(url.slice("sqlite:".length));
    for (const request of requests) walks.push(await watched.of(() => ask(request)));
    watched.close();
    return walks;
  }
  const askAll = async () => {
    for (const request of requests) await ask(request);
  };
  if ((await postgresWalks(url, askAll)).length === 0) return walks;
  for (const request of requests) walks.push(await postgresWalks(url, () => ask(request)));
  return walks;
}

async function finding(
  ask: Asker,
  { page, request, ...asked }: PageRequest,
  took: readonly number[],
  walks: readonly string[],
): Promise<MeasuredRequest> {
  const tenths = (ms: number) => Math.round(ms * 10) / 10;
  const [p50, p95] = [tenths(percentile(took, 0.5)), tenths(percentile(took, 0.95))];
  const { kilobytes, failure } = await ask({ page, request, ...asked });
  const measured = { page, request, p50, p95, max: tenths(Math.max(...took)), kilobytes };
  return { ...measured, walks, failure, verdict: verdictOf({ p95, walks, failure }) };
}

async function run(): Promise<void> {
  const plan = readDashboardOptions(process.argv.slice(2));
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => process.exit(130));
  const databases: MeasuredDatabase[] = [];
  for (const backend of plan.on) {
    const place = await starts[backend]();
    try {
      const measured = await measure(place, backend, plan);
      printDatabase(measured);
      databases.push(measured);
    } finally {
      await place.stop();
    }
  }
  if (databases.some(({ verdict }) => verdict === "MISS")) process.exitCode = 1;
  write(databases, plan);
}

function write(
  databases: readonly MeasuredDatabase[],
  { rounds, json, save }: DashboardPlan,
): void {
  const host = describeHost();
  const version = versionOf({ package: "holdfast" }) ?? "unknown";
  const found: DashboardRun = { host, version, targetMs: dashboardTarget.p95Ms, rounds, databases };
  if (json !== undefined) writeResults(json, found);
  if (save) saveResults(dashboardResults, host, found);
}

try {
  await run();
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error);
  process.exitCode = 2;
}
