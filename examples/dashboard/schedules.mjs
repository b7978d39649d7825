// @ts-check
import * as jobs from "./jobs.mjs";

/**
 * The schedules of the shop.
 * @param {import("holdfast").Client} client
 */
export async function declareSchedules(client) {
  await client.schedules.apply(
    [
      {
        name: "sales-report",
        cron: "*/5 * * * *",
        job: jobs.buildReport,
        payload: { report: "sales" },
      },
      { name: "stock-report", every: "4m", job: jobs.buildReport, payload: { report: "stock" } },
      {
        // Its next ten ticks cross both changes of the clocks.
        name: "month-end",
        cron: "30 2 1 * *",
        timeZone: "Europe/Berlin",
        job: jobs.buildReport,
        payload: { report: "month" },
      },
      {
        name: "weekday-digest",
        cron: "0 8,9 * * 1-5",
        timeZone: "America/New_York",
        job: jobs.buildReport,
        payload: { report: "digest" },
        overlap: "skip",
      },
    ],
    { group: "shop", version: 7 },
  );
}

/**
 * Those that need somebody to look after them, and one made by hand.
 * @param {import("holdfast").Client} client
 */
export async function addTroubles(client) {
  const csv = { format: "csv" };
  // It holds the key that every tick wants, in a queue that nobody serves.
  await client.enqueue(jobs.exportOrders, csv);
  await client.schedules.upsert(
    { name: "export-orders", every: "5s", job: jobs.exportOrders, payload: csv },
    { by: "grace" },
  );
  const weekly = { issue: 40, segment: "all" };
  await client.schedules.upsert(
    {
      name: "newsletter",
      cron: "0 7 * * 4",
      timeZone: "Europe/Berlin",
      job: jobs.sendNewsletter,
      payload: weekly,
    },
    { by: "ada" },
  );
  await client.schedules.pause("newsletter", { by: "ada" });
}
