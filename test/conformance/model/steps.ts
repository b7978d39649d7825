import type fc from "fast-check";
import { expect } from "vitest";
import type { ClaimedJob } from "../../../src/core/claimed-job.ts";
import type { EnqueueReceipt } from "../../../src/core/enqueue-options.ts";
import { settle as decide } from "../../../src/core/lifecycle.ts";
import type { NewJob } from "../../../src/core/new-job.ts";
import type { Outcome } from "../../../src/core/outcome.ts";
import type { Settlement } from "../../../src/core/settlement.ts";
import type { Storage } from "../../../src/storage/contract/storage.ts";
import { single, stop } from "../jobs.ts";
import {
  cancel,
  type Ending,
  inState,
  meet,
  type Model,
  type ModelJob,
  promote,
  remove,
  replace,
  rescue,
  retry,
  runNow,
  settle,
  store,
  take,
  type Wish,
} from "./model.ts";
import {
  compare,
  hold,
  jobOf,
  leaseOf,
  letGoOf,
  requestOf,
  type World,
  workerAt,
} from "./world.ts";
import { orphansOf } from "../orphans.ts";

/** One step of a history: done to the model and to the database, after which both must say the same. */
export interface Step extends fc.AsyncCommand<Model, World> {
  /** Does it without looking at every job afterwards. */
  act(model: Model, world: World): Promise<void>;
}

function step(words: string, act: Step["act"]): Step {
  return {
    act,
    check: () => true,
    async run(model, world) {
      await act(model, world);
      await compare(model, world);
    },
    toString: () => words,
  };
}

/** How an enqueue is made. */
export type Fate = "alone" | "in a transaction" | "in one that rolls back";

const rolledBack = new Error("rolled back");

/** Enqueues in one call. */
export function enqueueStep(wishes: readonly Wish[], fate: Fate): Step {
  return step(`enqueue ${fate} ${JSON.stringify(wishes)}`, async (model, world) => {
    const jobs = wishes.map((wish) => jobOf(world, model, wish));
    const stored = insert(world.storage(), jobs, fate);
    const met = wishes.map((wish) => meet(model, wish));
    if (met.includes("conflict")) {
      return expect(stored).rejects.toMatchObject({ code: "UNIQUE_CONFLICT" });
    }
    if (fate === "in one that rolls back") return expect(stored).rejects.toBe(rolledBack);
    const receipts = await stored;
    for (const [index, wish] of wishes.entries()) {
      const { id, outcome } = receipts[index] as EnqueueReceipt;
      const held = met[index];
      expect({ id, outcome }).toEqual(held ?? { id, outcome: "enqueued" });
      if (outcome === "enqueued") store(model, id, wish);
      if (outcome === "replaced") replace(model, id, wish);
    }
  });
}

function insert(
  storage: Storage,
  jobs: readonly NewJob[],
  fate: Fate,
): Promise<readonly EnqueueReceipt[]> {
  if (fate === "alone") return storage.insertJobs(jobs);
  return storage.transact(async (tx) => {
    const receipts = await storage.insertJobs(jobs, tx);
    if (fate === "in one that rolls back") throw rolledBack;
    return receipts;
  });
}

/** A worker takes what there is, and starts the jobs that wait for it. */
export function claimStep(place: number, limit: number, starts: boolean): Step {
  return step(`worker ${place} claims ${limit}, starts ${starts}`, async (model, world) => {
    const owner = await workerAt(world, place);
    const request = requestOf(world, model, owner, limit);
    const { jobs } = await world.storage().claimJobs(request);
    const taken = take(model, owner, limit);
    hold(world, jobs, taken);
    if (starts) await start(model, world, taken);
  });
}

async function start(model: Model, world: World, taken: readonly ModelJob[]): Promise<void> {
  const waiting = taken.filter(({ started }) => !started);
  if (waiting.length === 0) return;
  const leases = waiting.map(({ id }) => leaseOf(world, id).lease);
  expect(await world.storage().startJobs(leases, model.now)).toEqual([]);
  for (const job of waiting) {
    job.started = true;
    world.held.set(job.id, { ...leaseOf(world, job.id), started: true });
  }
}

/** Attempts end, in one call; with `more`, in a worker's turn that claims as many again. */
export function settleStep(picks: readonly number[], ending: Ending, more: number): Step {
  const words = `${JSON.stringify(picks)} of the running: ${JSON.stringify(ending)}, claims ${more}`;
  return step(words, async (model, world) => {
    const jobs = distinct(picks.map((pick) => picked(inState(model, "running"), pick)));
    if (jobs.length === 0) return;
    const leases = jobs.map(({ id }) => leaseOf(world, id));
    const settlements = leases.map((job) => settlementOf(job, outcomeOf(ending, model), model));
    const expected = jobs.map((job) => settle(model, job, ending));
    const answers = await settleAll(model, world, settlements, more);
    expect(answers.map(({ outcome }) => outcome)).toEqual(expected);
    for (const [index, job] of jobs.entries()) {
      if (expected[index] === "settled") letGoOf(world, job.id);
      else await endCancelled(model, world, job);
    }
  });
}

async function settleAll(
  model: Model,
  world: World,
  settlements: readonly Settlement[],
  more: number,
): Promise<Awaited<ReturnType<Storage["settleJobs"]>>> {
  if (more === 0) return world.storage().settleJobs(settlements, model.now);
  const owner = await workerAt(world, 0);
  const request = requestOf(world, model, owner, more);
  const { settled, claimed } = await world.storage().settleAndClaim(settlements, request);
  hold(world, claimed.jobs, take(model, owner, more));
  return settled;
}

/** What a worker does that was answered with a request to cancel. */
async function endCancelled(model: Model, world: World, job: ModelJob): Promise<void> {
  const settlement = settlementOf(letGoOf(world, job.id), cancelled, model);
  expect(await world.storage().settleJobs([settlement], model.now)).toEqual([
    { outcome: "settled" },
  ]);
  settle(model, job, { kind: "cancelled" });
}

/** Somebody writes under a lease that ended. */
export function staleStep(pick: number, ending: Ending): Step {
  return step(`lease ${pick} of the past: ${JSON.stringify(ending)}`, async (model, world) => {
    const job = picked(world.past, pick);
    if (job === undefined) return;
    const settlement = settlementOf(job, outcomeOf(ending, model), model);
    expect(await world.storage().settleJobs([settlement], model.now)).toEqual([
      { outcome: "lease-lost" },
    ]);
    expect(await world.storage().patchJob(job.lease, { checkpoint: "-1" })).toBe(false);
    expect(await world.storage().startJobs([job.lease], model.now)).toEqual([job.lease]);
  });
}

/** A handler keeps a checkpoint. */
export function patchStep(pick: number, checkpoint: number): Step {
  return step(`${pick} of the running keeps ${checkpoint}`, async (model, world) => {
    const job = picked(inState(model, "running"), pick);
    if (job === undefined) return;
    const patch = { checkpoint: String(checkpoint) };
    expect(await world.storage().patchJob(leaseOf(world, job.id).lease, patch)).toBe(true);
    job.checkpoint = checkpoint;
  });
}

/** A worker's process dies, and somebody notices. From then on it takes nothing. */
export function killStep(place: number): Step {
  return step(`worker ${place} dies`, async (model, world) => {
    const worker = world.workers[place];
    if (worker !== undefined) {
      const { beat } = single(
        (await world.storage().listWorkers()).filter(({ id }) => id === worker),
      );
      expect(await world.storage().markWorkerDead(worker, beat)).toBe(true);
      world.workers[place] = undefined;
      world.dead = worker;
    }
    if (world.dead === undefined) return;
    const request = requestOf(world, model, world.dead, 10);
    expect((await world.storage().claimJobs(request)).jobs).toEqual([]);
  });
}

/** Somebody rescues what dead workers left. */
export function rescueStep(): Step {
  return step("rescue", async (model, world) => {
    const orphans = await orphansOf(world.storage(), 1_000);
    const left = inState(model, "running").filter(
      ({ owner }) => !world.workers.some((worker) => worker === owner),
    );
    expect(orphans.map(({ lease }) => lease.id)).toEqual(left.map(({ id }) => id));
    for (const [index, job] of left.entries()) {
      const orphan = orphans[index] as ClaimedJob;
      const { lease, started } = orphan;
      const { id, owner, run } = job;
      expect({ lease, started }).toEqual({ lease: { id, owner, run }, started: job.started });
      await rescueOne(model, world, job, orphan);
    }
  });
}

async function rescueOne(
  model: Model,
  world: World,
  job: ModelJob,
  orphan: ClaimedJob,
): Promise<void> {
  const outcome: Outcome = orphan.started
    ? { kind: "crashed", error: failure, maxCrashes: 3 }
    : { kind: "released" };
  const settlement = settlementOf(orphan, outcome, model);
  const { outcome: answer } = single(await world.storage().settleJobs([settlement], model.now));
  expect(answer).toBe(job.cancelling ? "cancel-requested" : "settled");
  if (job.cancelling) return endCancelled(model, world, job);
  letGoOf(world, job.id);
  rescue(model, job);
}

/** What an operator does to one job. */
export type Verb = "cancel" | "retry" | "run now" | "delete";

/** An operator does something to any job there ever was. */
export function verbStep(verb: Verb, pick: number): Step {
  return step(`${verb} job ${pick}`, async (model, world) => {
    const id = picked(model.ids, pick);
    if (id === undefined) return;
    const job = model.jobs.get(id);
    const expected = job === undefined ? "missing" : verbs[verb].model(model, job);
    const answer = verbs[verb].storage(world.storage(), id, model.now);
    if (expected === "conflict") {
      await expect(answer).rejects.toMatchObject({ code: "UNIQUE_CONFLICT" });
    } else {
      expect(await answer).toBe(expected);
    }
  });
}

interface VerbPair {
  model(model: Model, job: ModelJob): string;
  storage(storage: Storage, id: string, now: number): Promise<string>;
}

const verbs: Readonly<Record<Verb, VerbPair>> = {
  cancel: {
    model: cancel,
    storage: (storage, id, now) => storage.cancelJob(id, { ...stop, at: now }),
  },
  retry: { model: retry, storage: (storage, id, now) => storage.retryJob(id, now) },
  "run now": { model: runNow, storage: (storage, id, now) => storage.runJobNow(id, now) },
  delete: { model: remove, storage: (storage, id) => storage.deleteJob(id) },
};

/** Time passes, and what is due is promoted. */
export function waitStep(ms: number): Step {
  return step(`${ms} ms pass`, async (model, world) => {
    model.now += ms;
    const { rows, nextDueAt } = promote(model);
    const answer = await world.storage().promoteJobs(1_000, model.now);
    expect(answer).toMatchObject({ rows, nextDueAt, more: false });
  });
}

/** The queue is paused or resumed. */
export function pauseStep(paused: boolean): Step {
  return step(paused ? "pause" : "resume", async (model, world) => {
    model.paused = paused;
    await world.storage().pauseQueue(world.name, paused);
  });
}

const failure = { name: "Error", message: "no luck" };
const cancelled: Outcome = { kind: "cancelled", why: "not needed", by: null };

function outcomeOf(ending: Ending, { now }: Model): Outcome {
  switch (ending.kind) {
    case "completed":
    case "released":
      return { kind: ending.kind };
    case "failed":
    case "timed-out":
    case "discarded":
      return { kind: ending.kind, error: failure };
    case "cancelled":
      return cancelled;
    case "rescheduled":
    case "snoozed":
    case "throttled":
      return { kind: ending.kind, runAt: now + ending.inMs };
  }
}

function settlementOf(job: ClaimedJob, outcome: Outcome, { now }: Model): Settlement {
  return decide(job, outcome, { now, random: 0.5, began: job.claimedAt });
}

function picked<Member>(members: readonly Member[], pick: number): Member | undefined {
  return members.length === 0 ? undefined : members[pick % members.length];
}

function distinct<Member>(members: readonly (Member | undefined)[]): Member[] {
  return [...new Set(members)].filter((member) => member !== undefined);
}
