// @ts-check
import * as jobs from "./jobs.mjs";
import { addTroubles } from "./schedules.mjs";

/**
 * Everything that stands about when the workers start: queues, lines, troubles, and what operators did about them.
 * @param {import("holdfast").Client} client
 */
export async function setScene(client) {
  await client.queues.pause("newsletters", { by: "ada" });
  await client.enqueueMany(
    ["all", "vip", "sleepers"].map((segment) =>
      jobs.sendNewsletter.request({ issue: 41, segment }),
    ),
  );
  await client.queues.update("reports", { maxRunning: 4, by: "grace" });
  await client.enqueueMany(
    Array.from({ length: 14 }, (_, at) =>
      jobs.importCatalog.request({ supplier: at % 3 === 0 ? "acme" : "globex", rows: 12_000 + at }),
    ),
  );
  await client.enqueueMany(
    ["json", "xml", "parquet"].map((format) => jobs.exportOrders.request({ format })),
  );
  await client.enqueue(jobs.callPartner, { endpoint: "/v2/stock" });
  await client.enqueueMany(
    Array.from({ length: 5 }, (_, at) => jobs.callPartner.request({ endpoint: `/v2/items/${at}` })),
  );
  await later(client);
  await addTroubles(client);
  await client.limits.declare({ "tax-api": { rate: "10/1s", concurrent: 4 } });
  await client.limits.update("payment-gateway", { concurrent: 3, by: "grace" });
  await operate(client);
}

/**
 * Jobs for later, and some of them called off.
 * @param {import("holdfast").Client} client
 */
async function later(client) {
  const mail = (/** @type {number} */ order) => ({
    to: "charles@example.com",
    template: "still-there",
    order,
  });
  const receipts = await client.enqueueMany(
    Array.from({ length: 12 }, (_, at) =>
      jobs.sendEmail.request(mail(9_000 + at), { delay: `${at + 1}h`, tags: ["reminder"] }),
    ),
  );
  for (const { id } of receipts.slice(0, 3)) {
    await client.jobs.cancel(id, { by: "ada", why: "The customer has left" });
  }
}

/**
 * What was done to many jobs at once.
 * @param {import("holdfast").Client} client
 */
async function operate(client) {
  const filter = /** @type {const} */ ({ name: "render-invoice", state: "discarded" });
  const retry = await client.operations.start({ action: "retry", filter, by: "grace" });
  await client.operations.wait(retry.id, { timeout: "30s" });
  const reminders = await client.operations.start({
    action: "changePriority",
    filter: { tag: "reminder" },
    priority: 8,
    by: "ada",
  });
  await client.operations.wait(reminders.id, { timeout: "30s" });
}
