import * as library from "../../dist/index.js";
import { createDashboard } from "../../dist/dashboard.js";
import { elapsed } from "../elapsed.ts";
import type { Place, Room } from "../places/place.ts";
import { startPostgresPlace } from "../places/postgres.ts";
import { startSqlitePlace } from "../places/sqlite.ts";
import { percentile } from "../scenarios/percentile.ts";
import { type DashboardPlan, readDashboardOptions, usage } from "./options.ts";
import { type PageRequest, pageRequests } from "./requests.ts";
import { seed } from "./seed.ts";
import { walkedTables } from "./walked-tables.ts";

/** What every page may take, as an issue has set it. */
const targetMs = 300;

const starts = { postgres: startPostgresPlace, sqlite: startSqlitePlace };

/** One question's answers. */
interface Finding extends PageRequest {
  readonly took: readonly number[];
  readonly kilobytes: number;
  readonly failure: string | undefined;
  readonly walked: readonly string[];
}

async function measure(
  place: Place,
  backend: "postgres" | "sqlite",
  plan: DashboardPlan,
): Promise<boolean> {
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
  const requests = await pageRequests(client);
  const took = await timeAll(client, requests, plan.rounds);
  // It looks through all that is live every few minutes, which is not the dashboard's doing.
  await worker.stop();
  const findings = requests.map((request, at) => ({ ...request, took: took[at] ?? [] }));
  try {
    return report(await checkAll(client, findings, room));
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

/** Asks as a browser does. */
async function ask(client: library.Client, { path }: PageRequest) {
  const dashboard = dashboards.get(client) ?? createDashboard({ client, authorize: () => "admin" });
  dashboards.set(client, dashboard);
  const request = new Request(`http://127.0.0.1/${path}`);
  const answer = await dashboard(request, { remoteAddress: "127.0.0.1" });
  const text = await answer.text();
  return { text, failure: answer.ok ? undefined : `${answer.status} ${text.slice(0, 200)}` };
}

const dashboards = new WeakMap<library.Client, ReturnType<typeof createDashboard>>();

async function timeAll(
  client: library.Client,
  requests: readonly PageRequest[],
  rounds: number,
): Promise<readonly (readonly number[])[]> {
  const took = requests.map((): number[] => []);
  for (let round = -1; round < rounds; round += 1) {
    for (const [at, request] of requests.entries()) {
      const began = performance.now();
      await ask(client, request);
      // The first round warms up.
      if (round >= 0) took[at]?.push(performance.now() - began);
    }
  }
  return took;
}

/** Asks each once more; on PostgreSQL each by itself only where all of them together have walked a table. */
async function checkAll(
  client: library.Client,
  timed: readonly (PageRequest & Pick<Finding, "took">)[],
  room: Room,
): Promise<readonly Finding[]> {
  const checked: Finding[] = [];
  for (const request of timed) {
    const { text, failure } = await ask(client, request);
    const kilobytes = Math.ceil(text.length / 1_024);
    checked.push({ ...request, kilobytes, failure, walked: [] });
  }
  if (room.sql === undefined) return checked;
  const askAll = async () => {
    for (const request of timed) await ask(client, request);
  };
  if ((await walkedTables(room.url, askAll)).length === 0) return checked;
  const walked: Finding[] = [];
  for (const finding of checked) {
    const tables = await walkedTables(room.url, () => ask(client, finding));
    walked.push({ ...finding, walked: tables });
  }
  return walked;
}

/** Prints what was found; false where a target is missed. */
function report(findings: readonly Finding[]): boolean {
  console.log("    p50     p95     max   kB  page");
  let passed = true;
  for (const { page, path, took, kilobytes, failure, walked } of findings) {
    const figures = [percentile(took, 0.5), percentile(took, 0.95), Math.max(...took)];
    const isSlow = percentile(took, 0.95) > targetMs;
    if (isSlow || failure !== undefined || walked.length > 0) passed = false;
    const notes = [
      ...(isSlow ? ["SLOW"] : []),
      ...(failure === undefined ? [] : [`FAILED ${failure}`]),
      ...walked.map((table) => `WALKS ${table}`),
    ].join(" ");
    const numbers = figures.map((ms) => ms.toFixed(1).padStart(7)).join(" ");
    console.log(`${numbers} ${String(kilobytes).padStart(4)}  ${page}: ${path} ${notes}`);
  }
  const slowest = Math.max(...findings.map(({ took }) => percentile(took, 0.95)));
  console.log(
    `the slowest 95th percentile is ${slowest.toFixed(0)} ms of ${targetMs} ms: ${passed ? "PASS" : "MISS"}`,
  );
  return passed;
}

async function run(): Promise<void> {
  const plan = readDashboardOptions(process.argv.slice(2));
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => process.exit(130));
  for (const backend of plan.on) {
    const place = await starts[backend]();
    try {
      if (!(await measure(place, backend, plan))) process.exitCode = 1;
    } finally {
      await place.stop();
    }
  }
}

try {
  await run();
} catch (error) {
  console.error(error instanceof Error ? `${error.message}\n${usage}` : error);
  process.exitCode = 2;
}
