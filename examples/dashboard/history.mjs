// @ts-check
import { createWorker } from "holdfast";
import { createManualClock } from "holdfast/testing";
import { setTimeout as sleep } from "node:timers/promises";
import { openClient } from "./database.mjs";
import { everyday } from "./handlers.mjs";
import { jobsOfOrder } from "./orders.mjs";
import { declareSchedules } from "./schedules.mjs";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const stepMs = 1_000;
const mostSteps = 45;

/**
 * @typedef {object} Length how much there is to look back on
 * @property {number} [hours] of the day before the last hour, 1 to 22; default 22
 * @property {number} [minutes] of the last hour, 1 to 58; default 58
 */

/**
 * A day of the shop in a few seconds: some hours of yesterday, then every minute of the last hour, by a clock of its own.
 * @param {import("./database.mjs").Place} place
 * @param {Length} [length]
 * @returns {Promise<number>} the number of the next order
 */
export async function writeHistory(place, { hours: past = 22, minutes: recent = 58 } = {}) {
  const now = Date.now();
  const hourAgo = now - recent * minuteMs;
  const clock = createManualClock(now - (past + 1) * hourMs);
  const client = await openClient(place, { clock });
  const worker = createWorker(client, { handlers: everyday, concurrency: 12, poll: "20ms" });
  await worker.start();
  let order = 1_000;
  for (const moment of momentsFrom(clock.now(), hourAgo)) {
    await clock.advanceTo(Math.max(moment, clock.now()));
    if (moment === hourAgo) await declareSchedules(client);
    // Busier in the middle of the hour, as shops are.
    const orders = 4 + Math.round(6 * Math.sin(((now - moment) / hourMs) * Math.PI) ** 2);
    const requests = Array.from({ length: orders }, () => jobsOfOrder(order++)).flat();
    await client.enqueueMany(requests);
    await workOff(client, clock);
  }
  await worker.stop();
  await client.close();
  return order;
}

/**
 * Every second hour, and then every minute up to now, however late it has become meanwhile.
 * @param {number} start
 * @param {number} hourAgo
 */
function* momentsFrom(start, hourAgo) {
  for (let moment = start; moment < hourAgo - hourMs; moment += 2 * hourMs) yield moment;
  for (let moment = hourAgo; moment < Date.now() - minuteMs / 2; moment += minuteMs) yield moment;
}

/**
 * Lets time pass in steps until nothing is to be done any more.
 * @param {import("holdfast").Client} client
 * @param {import("holdfast/testing").ManualClock} clock
 */
async function workOff(client, clock) {
  for (let step = 0; step < mostSteps; step++) {
    await clock.advance(stepMs);
    await sleep(2);
    if (step % 3 !== 2) continue;
    const left = await client.jobs.count({ state: ["available", "running", "retryable"] });
    if (left.available + left.running + left.retryable === 0) return;
  }
}
