// @ts-check
import { setTimeout as sleep } from "node:timers/promises";
import { countFile } from "./count-file.mjs";

const lookEveryMs = 50;

/** @typedef {{ held: number, rescued: number, finished: number }} Recovery times in seconds since the kill */

/**
 * Kills the busiest worker process without warning, starts a fresh one, and says how long it took until the jobs of the
 * dead one were out of its hands, and until the last of them was finished by somebody else.
 * @param {import("holdfast").Client} client
 * @param {ReturnType<typeof import("./worker-processes.mjs").createWorkerProcesses>} processes
 * @param {(line: string) => void} say
 * @returns {Promise<Recovery>}
 */
export async function killOne(client, processes, say) {
  const victim = await busiestWorker(client);
  const killedAt = performance.now();
  const sinceKill = () => (performance.now() - killedAt) / 1_000;
  await processes.kill(victim.pid);
  const orphans = await jobsOf(client, victim.id);
  const held = orphans.length;
  processes.start();
  say(
    `  killed worker process ${victim.pid} (SIGKILL) with ${held} jobs in its hands; a fresh one starts`,
  );
  while ((await jobsOf(client, victim.id)).length > 0) await sleep(lookEveryMs);
  const rescued = sinceKill();
  say(
    `  its ${held} jobs are rescued after ${rescued.toFixed(1)} s and go to the back of the line`,
  );
  await Promise.all(orphans.map((job) => client.handle(job.id).finished({ timeout: "5m" })));
  return { held, rescued, finished: sinceKill() };
}

/** @param {import("holdfast").Client} client */
async function busiestWorker(client) {
  const workers = await client.workers.list();
  const loads = await Promise.all(workers.map(async ({ id }) => (await jobsOf(client, id)).length));
  const victim = workers[loads.indexOf(Math.max(...loads))];
  if (victim === undefined) throw new Error("no worker is registered");
  return victim;
}

/**
 * The jobs a worker runs.
 * @param {import("holdfast").Client} client
 * @param {string} worker
 */
async function jobsOf(client, worker) {
  const { jobs } = await client.jobs.list({ name: countFile.name, state: "running", limit: 1_000 });
  return jobs.filter((job) => job.worker === worker);
}
