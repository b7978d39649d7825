// @ts-check
import * as failures from "./failures.mjs";
import * as jobs from "./jobs.mjs";

/** @typedef {import("holdfast").JobContext<never>} Context */

/**
 * Works for some time by the job's clock, unless it is asked to stop.
 * @param {Pick<Context, "clock" | "signal">} job
 * @param {number} ms
 * @returns {Promise<void>}
 */
function work({ clock, signal }, ms) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      forget();
      reject(signal.reason);
    };
    const forget = clock.after(ms, () => {
      signal.removeEventListener("abort", stop);
      resolve();
    });
    signal.addEventListener("abort", stop);
  });
}

/** @param {Pick<Context, "id" | "attempt">} job */
const luck = ({ id, attempt }) => failures.roll(`${id}/${attempt}`);

/**
 * A duration around a usual one: most are shorter, a few much longer.
 * @param {Pick<Context, "id" | "attempt">} job
 * @param {number} usualMs
 */
const about = (job, usualMs) => Math.round(usualMs * (0.4 + luck(job) ** 6 * 8));

const emails = jobs.sendEmail.handler(async ({ to, template }, job) => {
  job.log.info({ template }, "rendering");
  await work(job, about(job, 220));
  if (luck(job) < 0.07) throw failures.mailServerDown(to);
  return { messageId: `<${job.id}.${job.run}@shop.example>` };
});

const cards = jobs.chargeCard.handler(async ({ order }, job) => {
  await work(job, about(job, 600));
  if (luck(job) < 0.06) throw failures.gatewayTimeout();
  if (luck(job) > 0.98) return job.discard("The card was declined");
  return { order, receipt: `rc_${job.id}` };
});

const images = jobs.resizeImage.handler(async ({ file, sizes }, job) => {
  for (const [at, size] of sizes.entries()) {
    await work(job, about(job, 180));
    await job.progress({ done: at + 1, of: sizes.length, size });
  }
  if (failures.roll(file) < 0.04) throw failures.notAnImage(file);
  return { files: sizes.map((size) => `${file}@${size}`) };
});

const invoices = jobs.renderInvoice.handler(async ({ order }, job) => {
  await work(job, about(job, 350));
  if (order % 9 === 0) throw failures.templateBroken(order);
  return { pages: 1 + (order % 3) };
});

const catalogs = jobs.importCatalog.handler(async ({ supplier, rows }, job) => {
  const steps = 40;
  job.log.info({ supplier, rows }, "the catalogue is open");
  for (let step = 1; step <= steps; step++) {
    await work(job, 1_000);
    await job.progress({ done: Math.round((rows * step) / steps), of: rows });
    if (step % 8 === 0) job.log.info({ step }, "rows are in");
    if (luck(job) > 0.9 && step === 20) job.log.warn({ line: 812 }, "a price is missing");
  }
  return { imported: rows };
});

const accounts = jobs.syncAccount.handler(async ({ account }, job) => {
  const before = job.state.get() ?? { syncs: 0 };
  await work(job, about(job, 900));
  await job.state.set({ syncs: /** @type {{ syncs: number }} */ (before).syncs + 1, account });
});

const reports = jobs.buildReport.handler(async ({ report }, job) => {
  await work(job, about(job, 1_500));
  if (report === "stock" && luck(job) < 0.4) throw new Error("The warehouse counts no stock");
  return { report, rows: Math.round(luck(job) * 4_000) };
});

const partner = jobs.callPartner.handler(async (_payload, job) => {
  await work(job, 100);
  return job.throttle("10m");
});

const training = jobs.trainModel.handler(async ({ epochs }, job) => {
  for (let epoch = 1; epoch <= epochs; epoch++) {
    await job.progress({ done: epoch, of: epochs, loss: Number((1 / epoch).toFixed(4)) });
    await work(job, 2_000);
  }
});

/** What each kind of worker process takes care of. */
export const crews = {
  web: [emails, cards, accounts],
  media: [images, catalogs],
  office: [invoices, reports, partner, emails, training],
  spot: [training],
};

/** All that can be worked off ahead of time. */
export const everyday = [emails, cards, images, invoices, accounts, reports];
