// @ts-check
// The jobs of a shop that never was. Producers and workers both know them.
import { defineJob, defineKeyedJob } from "holdfast";
import { z } from "zod";

export const sendEmail = defineJob({
  name: "send-email",
  queue: "emails",
  payload: z.object({ to: z.string(), template: z.string(), order: z.number() }),
  result: z.object({ messageId: z.string() }),
  tags: ["mail"],
  limits: [{ scope: "mail-api", rate: "600/1m" }],
  retry: { attempts: 4, backoff: { min: "2s", max: "1m" } },
});

export const chargeCard = defineJob({
  name: "charge-card",
  queue: "payments",
  payload: z.object({
    order: z.number(),
    total: z.object({ amount: z.string(), currency: z.string() }),
    card: z.object({ number: z.string(), holder: z.string() }),
  }),
  tags: ["money"],
  limits: [{ scope: "payment-gateway", concurrent: 2 }],
  retry: { attempts: 3, backoff: { min: "2s", max: "2m" } },
});

export const resizeImage = defineJob({
  name: "resize-image",
  queue: "images",
  payload: z.object({ file: z.string(), sizes: z.array(z.number()) }),
  retry: { attempts: 3, backoff: { min: "2s" } },
});

export const renderInvoice = defineJob({
  name: "render-invoice",
  queue: "reports",
  payload: z.object({ order: z.number(), language: z.string() }),
  retry: { attempts: 2, backoff: { min: "1s" } },
});

/** One at a time for each supplier: the others wait in line. */
export const importCatalog = defineJob({
  name: "import-catalog",
  queue: "imports",
  payload: z.object({ supplier: z.string(), rows: z.number() }),
  lane: ({ supplier }) => supplier,
  retry: { attempts: 5, backoff: { min: "30s" } },
});

/** One unfinished job for each account, however often it is asked for. */
export const syncAccount = defineKeyedJob({
  name: "sync-account",
  payload: z.object({ account: z.string() }),
  key: ({ account }) => account,
  inheritState: true,
});

export const buildReport = defineJob({
  name: "build-report",
  queue: "reports",
  payload: z.object({ report: z.string() }),
  retry: { attempts: 3, backoff: { min: "2s" } },
});

/** Its queue is served by nobody, and a second one at a time is an error. */
export const exportOrders = defineJob({
  name: "export-orders",
  queue: "exports",
  payload: z.object({ format: z.string() }),
  unique: { key: ({ format }) => format, onConflict: "error" },
});

export const sendNewsletter = defineJob({
  name: "send-newsletter",
  queue: "newsletters",
  payload: z.object({ issue: z.number(), segment: z.string() }),
});

/** The partner answers 429: the whole queue cools down. */
export const callPartner = defineJob({
  name: "call-partner",
  queue: "partner",
  payload: z.object({ endpoint: z.string() }),
});

/** Runs in a process that is killed; others bring it back. */
export const trainModel = defineJob({
  name: "train-model",
  queue: "training",
  payload: z.object({ epochs: z.number() }),
});
