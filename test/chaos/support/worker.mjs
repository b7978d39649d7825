import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient, createWorker } from "holdfast";
import { handlers } from "./handlers.mjs";

/** @import { WorkerOrder, WorkerPlan, WorkerReport } from "./messages.ts" */

/** @param {WorkerReport} message */
const report = (message) => void process.send?.(message);

// Without its test it has nothing to live for.
process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));

const [{ url, options }] = /** @type {[WorkerPlan]} */ (await once(process, "message"));
// So that a test can tell its connections from those of others.
const ownUrl = url.replace(/(?<=application_name=)[^&]*/, (name) => `${name}-${process.pid}`);
const client = await createClient(ownUrl);
const worker = createWorker(client, { ...options, handlers: handlers(report) });

process.on("message", (/** @type {WorkerOrder} */ order) => void obey(order));
await worker.start();
report({ event: "ready" });

/** @param {WorkerOrder} order */
async function obey(order) {
  switch (order.order) {
    case "enqueue": {
      const { name, payloads, options: enqueueOptions = {} } = order;
      const receipts = await Promise.all(
        payloads.map((payload) => client.enqueue(name, payload, enqueueOptions)),
      );
      return report({ event: "enqueued", ids: receipts.map(({ id }) => id) });
    }
    case "shift-clock":
      return shiftClock(order.ms);
    case "stop":
      await worker.stop();
      await client.close();
      process.exit(0);
  }
}

/**
 * Tells the preloaded clock of every thread, and reports what the time is then.
 * @param {number} ms
 */
async function shiftClock(ms) {
  const channel = new BroadcastChannel("shift-clock");
  const before = Date.now();
  channel.postMessage(ms);
  while (Math.abs(Date.now() - before) < Math.abs(ms) / 2) await sleep(1);
  channel.close();
  report({ event: "clock-shifted", byMs: Date.now() - before });
}
