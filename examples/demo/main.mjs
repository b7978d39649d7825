// @ts-check
import { once } from "node:events";
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { serveDashboard } from "../dashboard/serve.mjs";
import { readArguments, UsageError, usage } from "./arguments.mjs";
import { countFile } from "./count-file.mjs";
import { filesTable, openFreshClient } from "./database.mjs";
import { filesBelow, plantBroken } from "./input.mjs";
import { count, createProgress } from "./progress.mjs";
import { prove } from "./proof.mjs";
import { killOne } from "./recovery.mjs";
import { dashboardCommand, reportNext, reportProof } from "./report.mjs";
import { createWorkerProcesses } from "./worker-processes.mjs";

const lookEveryMs = 250;
const interrupts = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
/** @param {string} line */
const print = (line) => console.log(line);

/**
 * @param {import("./arguments.mjs").DemoOptions} options
 * @returns {Promise<number>} the exit code
 */
async function demo({ folder, workers, kill, dashboard, ...options }) {
  const files = await filesBelow(folder);
  if (files.length === 0) throw new UsageError(`${folder} holds no files`);
  const home = await mkdtemp(join(tmpdir(), "holdfast-demo-"));
  const url = options.url ?? `sqlite:${join(home, "demo.db")}`;
  const table = filesTable(url);
  const processes = createWorkerProcesses(url);
  const keep = removeOnInterrupt(processes, home);
  try {
    const client = await openFreshClient(url);
    const server = dashboard ? await serveDashboard(client) : undefined;
    if (server !== undefined) print(`watch it at ${server.url}/`);
    print(`${count(files.length)} files of ${folder}, and 3 planted ones that cannot be read`);
    const paths = await enqueue(client, files, home);
    for (let started = 0; started < workers; started += 1) processes.start();
    const working = work(client, processes, paths.length, kill);
    const recovery = await Promise.race([working, processes.failed]);
    await processes.stop();
    const proof = await prove(client, table, paths);
    for (const line of [...reportProof(proof, recovery), ...reportNext(url, table)]) print(line);
    keep();
    if (server === undefined) print(dashboardCommand(url));
    else await showUntilInterrupt(server);
    await client.close();
    return proof.holds ? 0 : 1;
  } catch (error) {
    processes.killAll();
    rmSync(home, { recursive: true, force: true });
    throw error;
  }
}

/**
 * One job for each file, and for three things that cannot be counted.
 * @param {import("holdfast").Client} client
 * @param {readonly string[]} files
 * @param {string} home
 */
async function enqueue(client, files, home) {
  const broken = await plantBroken(join(home, "planted"));
  const began = performance.now();
  await client.enqueueMany([
    // Ahead of the others, so that their failures are seen at once.
    ...broken.paths.map((path) => countFile.request({ path }, { priority: 0 })),
    ...files.map((path) => countFile.request({ path })),
  ]);
  print(`  one job for each, enqueued in one call in ${secondsSince(began)}`);
  await broken.spoil();
  return [...broken.paths, ...files];
}

/**
 * Watches the jobs until every one has finished, and kills a worker process half way.
 * @param {import("holdfast").Client} client
 * @param {ReturnType<typeof createWorkerProcesses>} processes
 * @param {number} total
 * @param {boolean} kill
 */
async function work(client, processes, total, kill) {
  const progress = createProgress(total, process.stdout);
  const began = performance.now();
  /** @type {Promise<import("./recovery.mjs").Recovery> | undefined} */
  let recovery;
  for (;;) {
    const { completed, discarded, retryable, cancelled } = await client.jobs.count({
      name: countFile.name,
    });
    progress.show({ done: completed, failed: discarded + retryable });
    if (kill && recovery === undefined && completed >= total / 2) {
      recovery = killOne(client, processes, progress.say);
      recovery.catch(() => {}); // heard at the end
    }
    if (completed + discarded + cancelled === total) break;
    await sleep(lookEveryMs);
  }
  const recovered = await recovery;
  progress.say(`  every job finished in ${secondsSince(began)}`);
  return recovered;
}

/**
 * Keeps the dashboard open. The database stays where it is.
 * @param {import("holdfast/http").HttpServer} server
 */
async function showUntilInterrupt(server) {
  print(`  dashboard:    ${server.url}/   (Ctrl-C ends it)`);
  // The server alone keeps no process alive.
  const alive = setInterval(() => {}, 60_000);
  await Promise.race(interrupts.map((signal) => once(process, signal)));
  clearInterval(alive);
  await server.close();
}

/**
 * Ctrl-C leaves neither processes nor files behind, until they are to be kept.
 * @param {ReturnType<typeof createWorkerProcesses>} processes
 * @param {string} home
 */
function removeOnInterrupt(processes, home) {
  const remove = () => {
    processes.killAll();
    rmSync(home, { recursive: true, force: true });
    print("\ninterrupted");
    process.exit(130);
  };
  for (const signal of interrupts) process.once(signal, remove);
  return () => {
    for (const signal of interrupts) process.off(signal, remove);
  };
}

/** @param {number} began */
const secondsSince = (began) => `${((performance.now() - began) / 1_000).toFixed(1)} s`;

try {
  // Workers log their failed attempts; here the report shows them.
  process.env["HOLDFAST_LOG"] ??= "silent";
  const options = readArguments(process.argv.slice(2));
  if (options.help) print(usage);
  else process.exitCode = await demo(options);
} catch (error) {
  const isUsage = error instanceof UsageError;
  const message = error instanceof Error ? error.message : String(error);
  console.error(isUsage ? `${message}\n\n${usage}` : `the demo failed: ${message}`);
  process.exit(isUsage ? 2 : 1);
}
