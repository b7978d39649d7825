import { type Client, createWorker, defineJob } from "holdfast";
import { createDashboard, type DashboardOptions } from "holdfast/dashboard";
import { serveHttp } from "holdfast/http";
import type { Databases } from "../../integration/client-databases.ts";
import { createLatch } from "../../support/latch.ts";

/** A job that does as its payload says. */
export const task = defineJob<TaskPayload>({
  name: "task",
  queue: "work",
  retry: { attempts: 1 },
});

/** What a task is to do. */
export interface TaskPayload {
  readonly does: "succeed" | "fail-once" | "hold";
  readonly note?: string;
}

/** A dashboard over an empty database with a worker running. */
export interface Scene {
  readonly client: Client;
  readonly url: string;
  /** Lets the tasks that hold go on. */
  release(): void;
}

/** Starts one; it ends with the test. */
export async function startScene(
  databases: Databases,
  options: Partial<DashboardOptions> = {},
): Promise<Scene> {
  const client = options.client ?? (await databases.client());
  const held = createLatch();
  const failed = new Set<string>();
  const worker = createWorker(client, {
    queues: { work: { concurrency: 5 }, other: { concurrency: 2 } },
    handlers: [
      task.handler(async ({ does }, job) => {
        job.log.info({ does }, "about to begin");
        if (does === "hold") await untilOpenOrAborted(held.opened, job.signal);
        if (does === "fail-once" && !failed.has(job.id)) {
          failed.add(job.id);
          throw new Error("The printer is on fire", { cause: new Error("toner") });
        }
        return { by: "task" };
      }),
    ],
  });
  await worker.start();
  databases.closing({ close: () => worker.stop() });
  const dashboard = createDashboard({
    authorize: () => ({ role: "admin", actor: "ada" }),
    ...options,
    client,
  });
  const server = databases.closing(await serveHttp(dashboard, { port: 0, host: "127.0.0.1" }));
  return { client, url: server.url, release: held.open };
}

function untilOpenOrAborted(opened: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    void opened.then(resolve);
  });
}
