import type { Clock } from "../core/clock.ts";
import { HoldfastError } from "../core/errors.ts";
import { type JobChange, type JobRewrite, readJobChange } from "../core/job-change.ts";
import { plainValue } from "../core/json-text.ts";
import { encodePayload } from "../core/new-job.ts";
import type { Registry } from "../core/registry.ts";
import { isReservedTag } from "../core/schedule-tags.ts";
import { validate } from "../core/validate.ts";
import type { Storage } from "../storage/contract/storage.ts";
import { checkId, jobNotFound } from "./job-id.ts";

/** What an update works with. */
export interface UpdateParts {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly registry: Registry;
}

/** `client.jobs.update`. */
export async function updateJob(
  { storage, clock, registry }: UpdateParts,
  id: string,
  change: JobChange,
): Promise<void> {
  const call = "client.jobs.update";
  checkId(id, call);
  const now = clock.now();
  const rewrite = readJobChange(call, change, now);
  const payload =
    change.payload === undefined
      ? {}
      : { payload: await readPayload({ storage, registry }, id, change.payload) };
  const tags = rewrite.tags === undefined ? {} : { tags: await retag(storage, id, rewrite.tags) };
  const answer = await storage.updateJob(id, { ...rewrite, ...payload, ...tags }, now);
  if (answer === "missing") throw jobNotFound(id);
  if (answer === "running") throw isRunning(id);
  if (answer === "finished") throw hasFinished(id);
  if (answer.dueAt === null) await storage.wake([answer.queue]);
  else await storage.wake([], answer.dueAt);
}

/** As an enqueue would: the input is checked, and stored as it is. */
async function readPayload(
  { storage, registry }: Omit<UpdateParts, "clock">,
  id: string,
  payload: unknown,
): Promise<NonNullable<JobRewrite["payload"]>> {
  const job = await storage.getJob(id);
  if (job === undefined) throw jobNotFound(id);
  return storedPayload(registry, job.name, payload);
}

/**
 * A payload of a job of a name as it is stored, with its version where the client knows the definition.
 *
 * @throws {HoldfastError} `PAYLOAD_INVALID`, `PAYLOAD_TOO_LARGE`.
 */
export async function storedPayload(
  registry: Registry,
  name: string,
  payload: unknown,
): Promise<NonNullable<JobRewrite["payload"]>> {
  const definition = registry.find(name);
  if (definition === undefined) return { json: encodePayload(payload) };
  await validate(definition.payload, plainValue(payload), `payload of ${name}`, "PAYLOAD_INVALID");
  return { json: encodePayload(payload), version: definition.version };
}

/** The tick that made a job stays written there. */
async function retag(
  storage: Storage,
  id: string,
  tags: readonly string[],
): Promise<readonly string[]> {
  const job = await storage.getJob(id);
  return [...tags, ...(job?.tags ?? []).filter(isReservedTag)];
}

function isRunning(id: string): HoldfastError {
  return new HoldfastError(
    "JOB_RUNNING",
    `Job ${id} is running, so it cannot be changed; wait for its end, or cancel it with client.jobs.cancel.`,
    { details: { id } },
  );
}

function hasFinished(id: string): HoldfastError {
  return new HoldfastError(
    "JOB_NOT_WAITING",
    `Job ${id} has finished, so it cannot be changed; enqueue another, or retry it if it was cancelled or discarded.`,
    { details: { id } },
  );
}
