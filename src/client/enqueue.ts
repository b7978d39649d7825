import type { Client } from "../core/client.ts";
import type { EnqueueOptions, EnqueueReceipt } from "../core/enqueue-options.ts";
import { HoldfastError } from "../core/errors.ts";
import type { AnyJobDefinition } from "../core/job-request.ts";
import type { NewJob } from "../core/new-job.ts";
import { type BuildParts, buildJob, buildJobs, readOrder } from "./build-jobs.ts";
import { createCoalescer } from "./coalescer.ts";
import type { Gate } from "./gate.ts";
import type { HintingStorage } from "./hinting-storage.ts";

/** What enqueueing works with. */
export interface EnqueueParts extends BuildParts {
  readonly storage: HintingStorage;
  readonly gate: Gate;
}

type Options = EnqueueOptions<never>;

/** `client.enqueue` and `client.enqueueMany`: jobs are built and checked, then stored. */
export function createEnqueue(parts: EnqueueParts): Pick<Client, "enqueue" | "enqueueMany"> {
  const { storage, gate } = parts;
  const coalescer = createCoalescer((jobs) => storage.insertJobs(jobs));

  function pass<Value>(call: string, options: Options, run: () => Promise<Value>): Promise<Value> {
    const tx: unknown = options?.tx;
    const inside = typeof tx === "object" && tx !== null;
    return inside ? gate.passInside(call, storage.isOpen(tx), run) : gate.pass(call, run);
  }

  function enqueueOne(
    target: AnyJobDefinition | string,
    payload: unknown,
    options: Options,
  ): Promise<EnqueueReceipt> {
    const store = (built: NewJob) =>
      options.tx === undefined && built.unique === null && built.idempotency === undefined
        ? coalescer.insert(built)
        : storeAlone(storage, built, options.tx);
    const job = buildJob(parts, target, payload, options);
    return job instanceof Promise ? job.then(store) : store(job);
  }

  async function enqueueAll(first: unknown, payloads: unknown, options: Options) {
    const jobs = await buildJobs(parts, readOrder(first, payloads, options));
    return jobs.length === 0 ? [] : storage.insertJobs(jobs, options.tx);
  }

  function enqueue(
    target: AnyJobDefinition | string,
    payload?: unknown,
    options: Options = {},
  ): Promise<EnqueueReceipt> {
    return pass("client.enqueue", options, () => enqueueOne(target, payload, options));
  }

  function enqueueMany(
    first: unknown,
    second?: unknown,
    third?: unknown,
  ): Promise<readonly EnqueueReceipt[]> {
    const options = ((Array.isArray(first) ? second : third) ?? {}) as Options;
    return pass("client.enqueueMany", options, () => enqueueAll(first, second, options));
  }

  return { enqueue, enqueueMany };
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
