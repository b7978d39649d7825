// This folder has a package.json of its own, so that the name "holdfast" does not lead back to the repository's package:
// its compiled entry is imported by path. It is the file that users get.
import { type Client, createClient, createWorker, defineJob } from "../../dist/index.js";
import type { Backlog, Consumer, ConsumerPlan, Payload, Producer, System } from "../system.ts";
import { fillPostgres, fillSqlite } from "./holdfast-backlog.ts";

const noop = defineJob<Payload, void>({ name: "noop" });
const concurrency = 2_000;

/** Holdfast, as its README shows it. */
export function holdfastOn(backend: "postgres" | "sqlite"): System {
  return {
    name: "holdfast",
    backend,
    package: "holdfast",
    settings: `One client given the URL. For throughput the worker's and its queue's concurrency are ${concurrency}, chosen by measurement; for latency and idle cost everything is at its default (README.md, docs/defaults.md). History is kept.${backend === "sqlite" ? " WAL, synchronous=FULL (its default)." : ""}`,
    sql: { claim: "claim_lines\\(", live: "^holdfast\\.live" },
    async prepare(url) {
      await (await createClient(url)).close();
    },
    openProducer,
    openConsumer,
    remaining,
    fill: (url: string, backlog: Backlog) =>
      backend === "postgres" ? fillPostgres(url, backlog) : fillSqlite(url, backlog),
  };
}

async function openProducer(url: string): Promise<Producer> {
  const client = await createClient(url);
  return {
    enqueue: (payload) => client.enqueue(noop, payload),
    enqueueMany: (payloads) => client.enqueueMany(noop, payloads),
    close: () => client.close(),
  };
}

async function openConsumer(url: string, plan: ConsumerPlan): Promise<Consumer> {
  const client = await createClient(url);
  const most = plan.concurrency ?? (plan.aim === "throughput" ? concurrency : undefined);
  const wide = most === undefined ? {} : { concurrency: most };
  const worker = createWorker(client, {
    handlers: [noop.handler(async (payload) => plan.handle(payload))],
    queues: { default: wide },
    ...wide,
  });
  return {
    start: () => worker.start(),
    async stop() {
      await worker.stop();
      await client.close();
    },
  };
}

async function remaining(url: string): Promise<number> {
  const client = await createClient(url);
  try {
    return await unfinished(client);
  } finally {
    await client.close();
  }
}

async function unfinished(client: Client): Promise<number> {
  const { available, running, retryable } = await client.jobs.count();
  return available + running + retryable;
}
