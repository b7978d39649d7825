import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient, createWorker, defineJob } from "holdfast";

/** @import { AbortReason } from "holdfast" */
/** @import { ChildPlan } from "./worker-child.ts" */

// Without its test it has nothing to live for.
process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));

const [{ client: where, options }] = /** @type {[ChildPlan]} */ (await once(process, "message"));
const client = await createClient(where);

/**
 * Keeps the event loop, as a long computation does, but leaves the processor to the tests beside this one.
 * @param {unknown} ms
 */
function block(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(ms));
}

const worker = createWorker(client, {
  ...options,
  handlers: [
    defineJob({ name: "block" }).handler((ms, job) => {
      process.send?.({ event: "began", job: job.id });
      block(ms);
      return job.worker.id;
    }),
    defineJob({ name: "obey" }).handler(async (_, job) => {
      process.send?.({ event: "began", job: job.id });
      await new Promise((resolve) => job.signal.addEventListener("abort", resolve, { once: true }));
      const { kind, message, by } = /** @type {AbortReason} */ (job.signal.reason);
      const at = performance.timeOrigin + performance.now();
      process.send?.({ event: "aborted", job: job.id, at, kind, message, by });
      throw job.signal.reason;
    }),
    defineJob({ name: "exit" }).handler((code) => process.exit(Number(code))),
    defineJob({ name: "wait" }).handler(async (ms, job) => {
      process.send?.({ event: "began", job: job.id });
      await sleep(Number(ms));
      return job.worker.id;
    }),
  ],
});
await worker.start();
process.send?.({ event: "ready", worker: worker.id });
