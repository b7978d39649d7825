import type * as built from "../../dist/index.js";
import type { Backlog, Consumer, ConsumerPlan, Payload, Producer, System } from "../system.ts";
import { fillPostgres, fillSqlite } from "./holdfast-backlog.ts";
import {
  expireOnPostgres,
  expireOnSqlite,
  historyOnPostgres,
  historyOnSqlite,
} from "./holdfast-history.ts";
import { lookAround } from "./holdfast-looks.ts";

/** Holdfast's public interface. */
export type Library = typeof built;

/** Loads a build of it, which the processes of other systems need not. */
export type LoadLibrary = () => Promise<Library>;

/**
 * The file that users get. This folder has a package.json of its own, so that the name "holdfast" does not lead back to the
 * repository's package: its compiled entry is imported by path.
 */
const own: LoadLibrary = () => import("../../dist/index.js");

/** What is in every statement that claims, in those of older commits too. */
export const claimPattern = "\\.claim_\\w+\\(";

const concurrency = 2_000;

/** Holdfast, as its README shows it. */
export function holdfastOn(backend: "postgres" | "sqlite"): System {
  return holdfastOf(own, "holdfast", backend);
}

/** Another build of Holdfast under a name of its own. */
export function holdfastOf(
  load: LoadLibrary,
  name: string,
  backend: "postgres" | "sqlite",
): System {
  const fill = backend === "postgres" ? fillPostgres : fillSqlite;
  const history = backend === "postgres" ? historyOnPostgres : historyOnSqlite;
  return {
    name,
    backend,
    package: "holdfast",
    settings: `One client given the URL. For throughput the worker's and its queue's concurrency are ${concurrency}, chosen by measurement; for latency and idle cost everything is at its default (README.md, docs/defaults.md). History is kept.${backend === "sqlite" ? " WAL, synchronous=FULL (its default)." : ""}`,
    sql: { claim: claimPattern, live: "^holdfast\\.live" },
    async prepare(url) {
      const { createClient } = await load();
      await (await createClient(url)).close();
    },
    openProducer: async (url) => openProducer(await load(), url),
    openConsumer: async (url, plan) => openConsumer(await load(), url, plan),
    async remaining(url) {
      const { createClient } = await load();
      const client = await createClient(url);
      const { available, running, retryable } = await client.jobs.count();
      await client.close();
      return available + running + retryable;
    },
    fill: async (url: string, backlog: Backlog) => fill(await load(), url, backlog),
    history: async (url, jobs) => history(await load(), url, jobs),
    expire: (url) => (backend === "postgres" ? expireOnPostgres(url) : expireOnSqlite(url)),
    look: async (url, calls) => lookAround(await load(), url, calls),
  };
}

const noop = ({ defineJob }: Library) => defineJob<Payload, void>({ name: "noop" });

async function openProducer(library: Library, url: string): Promise<Producer> {
  const job = noop(library);
  const client = await library.createClient(url);
  return {
    enqueue: (payload) => client.enqueue(job, payload),
    enqueueMany: (payloads) => client.enqueueMany(job, payloads),
    close: () => client.close(),
  };
}

async function openConsumer(library: Library, url: string, plan: ConsumerPlan): Promise<Consumer> {
  const client = await library.createClient(url);
  const most = plan.concurrency ?? (plan.aim === "throughput" ? concurrency : undefined);
  const wide = most === undefined ? {} : { concurrency: most };
  const worker = library.createWorker(client, {
    handlers: [noop(library).handler(async (payload) => plan.handle(payload))],
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
