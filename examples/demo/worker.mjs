// @ts-check
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { createWorker } from "holdfast";
import { countFile } from "./count-file.mjs";
import { filesTable, openClient } from "./database.mjs";

const newline = 10;
// The demo closes the channel to end its workers, and so does its own death, maybe before anything has started.
const disconnected = process.connected ? once(process, "disconnect") : undefined;
// Ctrl-C reaches every process of a terminal; what becomes of this one the demo decides.
process.on("SIGINT", () => {});
const url = process.env["HOLDFAST_DEMO_URL"] ?? "";
const client = await openClient(url);

const worker = createWorker(client, {
  lease: "3s",
  queues: { files: { concurrency: 8 } },
  handlers: [
    countFile.handler(async ({ path }, job) => {
      const { sha256, lines, bytes } = await read(path, job.signal);
      // The row and the job's completion commit together, or neither does.
      await job.transaction(async (tx) => {
        const row = [path, sha256, lines, bytes, job.worker.id, job.attempt];
        await tx.query(`INSERT INTO ${filesTable(url)} VALUES ($1, $2, $3, $4, $5, $6)`, row);
      });
    }),
  ],
});

/**
 * @param {string} path
 * @param {AbortSignal} signal
 */
async function read(path, signal) {
  const hash = createHash("sha256");
  let lines = 0;
  let bytes = 0;
  for await (const chunk of createReadStream(path, { signal })) {
    const data = /** @type {Buffer} */ (chunk);
    hash.update(data);
    bytes += data.length;
    for (let at = data.indexOf(newline); at >= 0; at = data.indexOf(newline, at + 1)) lines += 1;
  }
  return { sha256: hash.digest("hex"), lines, bytes };
}

await worker.start();
await disconnected;
await worker.stop();
await client.close();
