import {
  checkEnqueueOptions,
  dueAt,
  type EnqueueOptions,
  type EnqueueReceipt,
} from "../core/enqueue-options.ts";
import { HoldfastError } from "../core/errors.ts";
import { type Gate, gatesOf } from "../core/gate.ts";
import type { Job } from "../core/job.ts";
import type { AnyJobDefinition } from "../core/job-request.ts";
import { isReservedTag } from "../core/schedule-tags.ts";
import type { UniqueClaim } from "../core/unique.ts";
import type { Engine } from "../service/engine.ts";
import type { JobTerms } from "../storage/contract/inspect.ts";
import { refuseKnown } from "./build-jobs.ts";
import { jobNotFound } from "./job-id.ts";
import { createTracedJobs } from "./traced-jobs.ts";
import { storedPayload } from "./update-job.ts";

/** What a copy has in another way than its job. */
export interface DuplicateChange
  extends Pick<EnqueueOptions, "queue" | "priority" | "delay" | "tags"> {
  /** Checked by the job's definition if this client knows it. */
  readonly payload?: unknown;
  /** Claims the job's unique key too, and is refused while another job holds it. Default false: the copy has none. */
  readonly withUniqueKey?: boolean;
}

/**
 * Enqueues a job like another: with its payload, version, retry policy and timeout, queue, priority, tags, lane and limits, but for what is
 * given. A completed job has kept no lane and limits; its copy has those that its definition gives the payload, where this client knows
 * it.
 *
 * @throws {HoldfastError} `JOB_NOT_FOUND`, `UNIQUE_CONFLICT`, what an enqueue throws.
 */
export async function duplicateJob(
  engine: Pick<Engine, "storage" | "clock" | "registry" | "telemetry">,
  job: Job,
  { payload, withUniqueKey = false, ...options }: DuplicateChange,
  trace?: string,
): Promise<EnqueueReceipt> {
  const { storage, clock, registry, telemetry } = engine;
  checkEnqueueOptions(options);
  const definition = registry.find(job.name);
  refuseKnown(definition);
  const terms = await storage.readTerms(job.id);
  const [texts] = await storage.readTexts([job.id]);
  if (terms === undefined || texts === undefined) throw jobNotFound(job.id);
  const { json, version = job.version } =
    payload === undefined
      ? { json: texts.payload }
      : await storedPayload(registry, job.name, payload);
  const now = clock.now();
  const tags = job.tags.filter((tag) => !isReservedTag(tag));
  const { name, queue, priority } = job;
  const { delay: _delay, ...changed } = options;
  const own = { name, version, queue, priority, tags, ...changed };
  const gates = gatesFor(job, definition, json);
  const copy = {
    ...own,
    payload: json,
    createdAt: now,
    runAt: dueAt(options, now),
    policy: terms.policy,
    unique: withUniqueKey ? claimOf(job, terms) : null,
    ...(gates.length === 0 ? {} : { gates }),
  };
  return createTracedJobs(telemetry, trace).one(copy, async (traced) => {
    const [receipt] = await storage.insertJobs([traced]);
    if (receipt !== undefined) return receipt;
    throw new HoldfastError("STORAGE_FAILED", "The storage gave no receipt.");
  });
}

function gatesFor(
  { state, gates }: Job,
  definition: AnyJobDefinition | undefined,
  payload: string,
): readonly Gate[] {
  if (state !== "completed") return gates;
  return (definition && gatesOf(definition, JSON.parse(payload))) ?? [];
}

/** One that was held for good may have been let go when its time was over; for how long that was nobody has kept. */
function claimOf({ uniqueKey: key }: Job, { uniqueWhile }: JobTerms): UniqueClaim | null {
  if (key === null) return null;
  const held = uniqueWhile === "waiting" ? "waiting" : "unfinished";
  return { key, while: held, until: null, onConflict: "error" };
}
