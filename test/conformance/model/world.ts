import { expect } from "vitest";
import type { ClaimedJob } from "../../../src/core/claimed-job.ts";
import type { Job } from "../../../src/core/job.ts";
import type { NewJob } from "../../../src/core/new-job.ts";
import type { RetryPolicy } from "../../../src/core/retry-policy.ts";
import type { ClaimRequest } from "../../../src/storage/contract/claim.ts";
import type { Storage } from "../../../src/storage/contract/storage.ts";
import { aJob, hire, policy } from "../jobs.ts";
import { allJobs, budget, type Model, type ModelJob, type Wish } from "./model.ts";

/** The database as one history sees it: its own queue, its workers, and the leases they hold. */
export interface World {
  /** The queue and the handler of this history; no other history has it. */
  readonly name: string;
  /** The storages take turns, as processes would. */
  storage(): Storage;
  /** The workers alive, in their places. */
  readonly workers: (string | undefined)[];
  /** The last worker that died. */
  dead: string | undefined;
  /** The jobs that run, by id. */
  readonly held: Map<string, ClaimedJob>;
  /** Leases that ended, newest last. */
  readonly past: ClaimedJob[];
}

/** A world without workers. */
export function newWorld(name: string, storages: readonly Storage[]): World {
  let turn = 0;
  return {
    name,
    storage: () => storages[turn++ % storages.length] as Storage,
    workers: [],
    dead: undefined,
    held: new Map(),
    past: [],
  };
}

const retries: RetryPolicy = { ...policy, ...budget, factor: 2, jitter: 0, maxCrashes: null };

/** A wish as storage takes it. */
export function jobOf({ name }: World, { now }: Model, wish: Wish): NewJob {
  const { unique } = wish;
  return aJob({
    name,
    queue: name,
    priority: wish.priority,
    payload: String(wish.payload),
    createdAt: now,
    runAt: now + wish.delayMs,
    policy: retries,
    unique: unique && {
      key: unique.key,
      while: unique.key,
      until: unique.withinMs === null ? null : now + unique.withinMs,
      onConflict: unique.onConflict,
    },
  });
}

/** The worker of a place, registered when there is none. */
export async function workerAt(world: World, place: number): Promise<string> {
  const { name } = world;
  const known = world.workers[place];
  if (known !== undefined) return known;
  const id = await hire(world.storage(), { queues: [name], handlers: [name] });
  world.workers[place] = id;
  return id;
}

/** What a worker asks for. */
export function requestOf(
  { name }: World,
  { now }: Model,
  owner: string,
  limit: number,
): ClaimRequest {
  const queues = [{ queue: name, limit }];
  return { owner, queues, limit, handlers: { [name]: 1 }, floors: {}, now };
}

/** Keeps the leases of a claim, and expects them to be the model's. */
export function hold(
  world: World,
  jobs: readonly ClaimedJob[],
  expected: readonly ModelJob[],
): void {
  expect(jobs.map(({ lease, attempt, started }) => ({ lease, attempt, started }))).toEqual(
    expected.map(({ id, owner, run, attempt, started }) => ({
      lease: { id, owner, run },
      attempt,
      started,
    })),
  );
  for (const job of jobs) world.held.set(job.lease.id, job);
}

/** The lease of a running job, which ends with this. */
export function letGoOf(world: World, id: string): ClaimedJob {
  const job = leaseOf(world, id);
  world.held.delete(id);
  world.past.push(job);
  return job;
}

/** The lease of a running job. */
export function leaseOf(world: World, id: string): ClaimedJob {
  const job = world.held.get(id);
  if (job === undefined) throw new Error(`Nobody holds job ${id}.`);
  return job;
}

/** Expects every job of the history to be as the model says. */
export async function compare(model: Model, world: World): Promise<void> {
  const jobs = await world.storage().listJobs({ queue: world.name }, 1_000);
  expect(jobs.map(seen).toReversed()).toEqual(allJobs(model).map(meant));
}

function seen(job: Job) {
  const { id, state, run, attempt, crashes, priority, payload, checkpoint, worker } = job;
  const cancelling = job.cancelRequested !== null;
  const facts = { id, state, run, attempt, crashes, priority, payload, checkpoint, worker };
  return { ...facts, cancelling, key: job.uniqueKey, runAt: job.runAt };
}

function meant(job: ModelJob): ReturnType<typeof seen> {
  const { id, state, run, attempt, crashes, priority, payload, checkpoint } = job;
  const facts = { id, state, run, attempt, crashes, priority, payload, checkpoint };
  return {
    ...facts,
    worker: job.owner,
    cancelling: job.cancelling,
    key: job.key,
    runAt: job.runAt,
  };
}
