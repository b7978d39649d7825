// @ts-check
import { countFile } from "./count-file.mjs";

/** @typedef {{ pid: number, held: number, seconds: number }} Recovery */

/**
 * Kills the busiest worker process without warning, starts a fresh one, and says how long it took until the last job of
 * the dead one was finished by somebody else.
 * @param {import("holdfast").Client} client
 * @param {ReturnType<typeof import("./worker-processes.mjs").createWorkerProcesses>} processes
 * @param {(line: string) => void} say
 * @returns {Promise<Recovery>}
 */
export async function killOne(client, processes, say) {
  const victim = await busiestWorker(client);
  const killedAt = performance.now();
  await processes.kill(victim.pid);
  const orphans = (await runningJobs(client)).filter((job) => job.worker === victim.id);
  processes.start();
  say(
    `  killed worker process ${victim.pid} (SIGKILL) with ${orphans.length} jobs in its hands; a fresh one starts`,
  );
  await Promise.all(orphans.map((job) => client.handle(job.id).finished({ timeout: "5m" })));
  const seconds = (performance.now() - killedAt) / 1_000;
  say(
    `  the last of these ${orphans.length} jobs was finished ${seconds.toFixed(1)} s after the kill`,
  );
  return { pid: victim.pid, held: orphans.length, seconds };
}

/** @param {import("holdfast").Client} client */
async function busiestWorker(client) {
  const workers = await client.workers.list();
  const running = await runningJobs(client);
  const load = workers.map((worker) => running.filter((job) => job.worker === worker.id).length);
  const victim = workers[load.indexOf(Math.max(...load))];
  if (victim === undefined) throw new Error("no worker is registered");
  return victim;
}

/** @param {import("holdfast").Client} client */
async function runningJobs(client) {
  const { jobs } = await client.jobs.list({ name: countFile.name, state: "running", limit: 1_000 });
  return jobs;
}
