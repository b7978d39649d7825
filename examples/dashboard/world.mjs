// @ts-check
import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openClient } from "./database.mjs";
import { writeHistory } from "./history.mjs";
import { trainModel } from "./jobs.mjs";
import { jobsOfOrder } from "./orders.mjs";
import { setScene } from "./scene.mjs";

const program = fileURLToPath(new URL("worker.mjs", import.meta.url));
const orderEveryMs = 2_000;
const fleet = /** @type {const} */ ([
  ["web", "web-1.shop.example"],
  ["media", "media-1.shop.example"],
  ["office", "office-1.shop.example"],
]);

/**
 * @typedef {object} World
 * @property {import("holdfast").Client} client
 * @property {() => Promise<void>} stop lets the workers finish, and closes the client
 */

/**
 * A shop at work in an empty database: a day of history, jobs in every state, some troubles, three worker processes and customers
 * who keep ordering.
 * @param {import("./database.mjs").Place} place
 * @param {import("./history.mjs").Length} [length]
 * @returns {Promise<World>}
 */
export async function startWorld(place, length) {
  const nextOrder = await writeHistory(place, length);
  const client = await openClient(place);
  await setScene(client);
  await loseWorker(place, client);
  /** @type {import("node:child_process").ChildProcess[]} */
  const children = fleet.map(([crew, host]) => startWorker(place, crew, host));
  await Promise.all(children.map((child) => once(child, "message")));
  const orders = takeOrders(client, nextOrder);
  return {
    client,
    async stop() {
      await orders.stop();
      const alive = children.filter(({ exitCode }) => exitCode === null);
      const ended = alive.map((child) => once(child, "exit"));
      for (const child of alive) if (child.connected) child.disconnect();
      await Promise.all(ended);
      await client.close();
    },
  };
}

/**
 * @param {import("./database.mjs").Place} place
 * @param {string} crew
 * @param {string} host
 */
function startWorker(place, crew, host) {
  const env = {
    ...process.env,
    HOLDFAST_LOG: "silent",
    WORLD_HOST: host,
    WORLD_WORKER: JSON.stringify({ ...place, crew }),
  };
  return fork(program, { env });
}

/**
 * A cheap machine is taken away in the middle of a job, which the others rescue a little later.
 * @param {import("./database.mjs").Place} place
 * @param {import("holdfast").Client} client
 */
async function loseWorker(place, client) {
  const { id } = await client.enqueue(trainModel, { epochs: 90 });
  const spot = startWorker(place, "spot", "spot-7.cloud.example");
  while ((await client.jobs.get(id))?.state !== "running") await sleep(20);
  spot.kill("SIGKILL");
  await once(spot, "exit");
}

/**
 * Customers order one thing after the other.
 * @param {import("holdfast").Client} client
 * @param {number} first
 */
function takeOrders(client, first) {
  let stopped = false;
  async function loop() {
    for (let order = first; !stopped; order++) {
      await client.enqueueMany(jobsOfOrder(order)).catch(() => {}); // the next one may go through
      await sleep(orderEveryMs);
    }
  }
  const ended = loop();
  return {
    async stop() {
      stopped = true;
      await ended;
    },
  };
}
