import { isTransactionLike } from "../core/check-options.ts";
import type { Client } from "../core/client.ts";
import type { ClientScope } from "../core/client-scope.ts";
import type { EnqueueOptions, EnqueueReceipt } from "../core/enqueue-options.ts";
import { HoldfastError } from "../core/errors.ts";
import type { AnyJobDefinition } from "../core/job-request.ts";
import type { NewJob } from "../core/new-job.ts";
import type { Telemetry } from "../core/telemetry.ts";
import { beneath } from "../integrations/transactions/beneath.ts";
import type { ScopeBook } from "../service/scope-book.ts";
import type { TransactionGuard } from "../service/transaction-guard.ts";
import { type BuildParts, buildJob, buildJobs, type Order, readOrder } from "./build-jobs.ts";
import { createCoalescer } from "./coalescer.ts";
import type { Gate } from "./gate.ts";
import type { HintingStorage } from "./hinting-storage.ts";
import { createTracedJobs } from "./traced-jobs.ts";

/** What enqueueing works with. */
export interface EnqueueParts extends BuildParts {
  readonly storage: HintingStorage;
  readonly gate: Gate;
  readonly scopes: ScopeBook;
  readonly telemetry: Telemetry | undefined;
  readonly guard: Pick<TransactionGuard, "ambient">;
}

type Options = EnqueueOptions<never>;

/** Jobs go the same way whatever scope they are enqueued in. */
export interface EnqueueWay extends EnqueueParts {
  readonly storeOne: StoreOne;
}

/** The way of a client's jobs into its storage. */
export function createEnqueueWay(parts: EnqueueParts): EnqueueWay {
  return { ...parts, storeOne: createStoreOne(parts.storage) };
}

/** `client.enqueue` and `client.enqueueMany`: jobs are built and checked, then stored. */
export function createEnqueue(
  way: EnqueueWay,
  scope: ClientScope,
): Pick<Client, "enqueue" | "enqueueMany"> {
  const { storage, scopes, storeOne } = way;
  const traced = createTracedJobs(way.telemetry, scope.trace);
  function enqueueOne(
    target: AnyJobDefinition | string,
    payload: unknown,
    options: Options,
  ): Promise<EnqueueReceipt> {
    const store = (built: NewJob) => traced.one(built, (job) => storeOne(job, options.tx));
    const job = buildJob(way, target, payload, options);
    const declared =
      typeof target === "string" ? undefined : declare(scopes, target.limits, options.tx);
    if (declared !== undefined) return Promise.all([job, declared]).then(([built]) => store(built));
    return job instanceof Promise ? job.then(store) : store(job);
  }

  async function enqueueAll(first: unknown, payloads: unknown, options: Options) {
    const order = readOrder(first, payloads, options);
    const jobs = await buildJobs(way, order);
    if (jobs.length === 0) return [];
    await declare(scopes, limitsOf(order), options.tx);
    return traced.many(jobs, (all) => storage.insertJobs(all, options.tx));
  }

  function enqueue(
    target: AnyJobDefinition | string,
    payload?: unknown,
    options: Options = {},
  ): Promise<EnqueueReceipt> {
    return pass(way, "client.enqueue", inScope(scope, options), (own) =>
      enqueueOne(target, payload, own),
    );
  }

  function enqueueMany(
    first: unknown,
    second?: unknown,
    third?: unknown,
  ): Promise<readonly EnqueueReceipt[]> {
    const options = ((Array.isArray(first) ? second : third) ?? {}) as Options;
    return pass(way, "client.enqueueMany", inScope(scope, options), (own) =>
      enqueueAll(first, second, own),
    );
  }

  return { enqueue, enqueueMany };
}

function inScope({ tx }: ClientScope, options: Options): Options {
  return tx === undefined || options?.tx !== undefined ? options : { ...options, tx };
}

function pass<Value>(
  parts: EnqueueParts,
  call: string,
  options: Options,
  run: (options: Options) => Promise<Value>,
): Promise<Value> {
  const tx: unknown = options?.tx ?? parts.guard.ambient();
  if (!isTransactionLike(tx)) return parts.gate.pass(call, () => run(options));
  return passInside(parts, call, tx, (own) => run({ ...options, tx: own }));
}

async function passInside<Value>(
  { gate, storage }: EnqueueParts,
  call: string,
  given: object,
  run: (tx: object) => Promise<Value>,
): Promise<Value> {
  const tx = storage.isOpen(given) ? given : await beneath(given);
  return gate.passInside(call, storage.isOpen(tx), () => run(tx));
}

type Limits = AnyJobDefinition["limits"];

/** Limits are there before the first job that waits for them. */
function declare(scopes: ScopeBook, limits: Limits, tx: object | undefined) {
  return limits.length === 0 ? undefined : scopes.ensure(limits, tx);
}

function limitsOf(order: Order): Limits {
  if (!("requests" in order)) return order.definition.limits;
  const definitions = new Set(order.requests.map(({ definition }) => definition));
  return Array.from(definitions).flatMap(({ limits }) => limits);
}

type StoreOne = (job: NewJob, tx: object | undefined) => Promise<EnqueueReceipt>;

/** Concurrent calls share an insert. Jobs with gates are stored in another way, and would take their neighbours along. */
function createStoreOne(storage: HintingStorage): StoreOne {
  const coalescer = createCoalescer((jobs) => storage.insertJobs(jobs));
  const gated = createCoalescer((jobs) => storage.insertJobs(jobs));
  return (job, tx) => {
    const alone = tx !== undefined || job.unique !== null || job.idempotency !== undefined;
    if (alone) return storeAlone(storage, job, tx);
    return (job.gates === undefined ? coalescer : gated).insert(job);
  };
}

async function storeAlone(
  storage: HintingStorage,
  job: NewJob,
  tx: object | undefined,
): Promise<EnqueueReceipt> {
  const [receipt] = await storage.insertJobs([job], tx);
  if (receipt !== undefined) return receipt;
  throw new HoldfastError("STORAGE_FAILED", "The storage gave no receipt.");
}
