// @ts-check
// One worker process. Its parent says where the database is, which crew it is and on which machine it would be.
import { once } from "node:events";
import { syncBuiltinESMExports } from "node:module";
import os from "node:os";

// All run on this machine; the dashboard is to show several.
const host = process.env["WORLD_HOST"] ?? os.hostname();
os.hostname = () => host;
syncBuiltinESMExports();
const { createWorker } = await import("holdfast");
const { openClient } = await import("./database.mjs");
const { crews } = await import("./handlers.mjs");

// Ctrl-C reaches every process of a terminal; the parent ends this one, and so does its death.
process.on("SIGINT", () => {});
const disconnected = process.connected ? once(process, "disconnect") : undefined;
const { crew, ...place } =
  /** @type {import("./database.mjs").Place & { crew: keyof typeof crews }} */ (
    JSON.parse(process.env["WORLD_WORKER"] ?? "{}")
  );
const client = await openClient(place);
const worker = createWorker(client, {
  handlers: crews[crew],
  concurrency: 12,
  lease: "6s",
  heartbeat: "1s",
  drain: "1s",
  grace: "500ms",
});
await worker.start();
process.send?.("started");
// Drained from the dashboard, it ends as well.
await Promise.race([disconnected, worker.stopped]);
await worker.stop();
await client.close();
if (process.connected) process.disconnect();
