// @ts-check
// One worker process: it tells its parent its id, and ends when the parent has gone or says so.
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { createWorker } from "holdfast";
import { openClient } from "./database.mjs";
import { callService, leaseMs } from "./job.mjs";

const disconnected = process.connected ? once(process, "disconnect") : undefined;
process.on("SIGINT", () => {});
const client = await openClient(process.env["HOLDFAST_CLUSTER_URL"] ?? "");
const worker = createWorker(client, {
  lease: leaseMs,
  handlers: [callService.handler(() => sleep(150))],
});
await worker.start();
process.send?.(worker.id);
await disconnected;
await worker.stop();
await client.close();
