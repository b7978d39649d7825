import { isFinished, type JobState } from "../../../src/core/job.ts";
import type { UniqueClaim, UniqueWhile } from "../../../src/core/unique.ts";

/**
 * Jobs as a page of paper would keep them: one list, one set of keys, one clock. It has no tables, no leases and no code of
 * Holdfast's that decides anything; what it says of a history, both databases must say.
 */
export interface Model {
  now: number;
  paused: boolean;
  /** Every id there ever was, oldest first; those of deleted jobs too. */
  readonly ids: string[];
  readonly jobs: Map<string, ModelJob>;
  readonly keys: Map<UniqueWhile, HeldKey>;
  /** Order numbers drawn so far. */
  drawn: number;
}

/** What is known of one job. */
export interface ModelJob {
  readonly id: string;
  readonly key: UniqueWhile | null;
  state: JobState;
  priority: number;
  payload: number;
  /** When it became available, among all that did. */
  seq: number;
  runAt: number;
  run: number;
  attempt: number;
  crashes: number;
  backoffMs: number;
  checkpoint: number | undefined;
  owner: string | null;
  started: boolean;
  claimedAt: number;
  cancelling: boolean;
}

interface HeldKey {
  readonly holder: string;
  readonly until: number | null;
}

/** A job as a history asks for it. Its key has the name of how long it is held. */
export interface Wish {
  readonly priority: number;
  readonly payload: number;
  readonly delayMs: number;
  readonly unique: {
    readonly key: UniqueWhile;
    readonly withinMs: number | null;
    readonly onConflict: UniqueClaim["onConflict"];
  } | null;
}

/** How an attempt ends, in the words of a history. */
export type Ending =
  | {
      readonly kind: "completed" | "failed" | "timed-out" | "cancelled" | "discarded" | "released";
    }
  | { readonly kind: "rescheduled" | "snoozed" | "throttled"; readonly inMs: number };

/** The retry policy of all its jobs: 1 s, 2 s, 4 s, then no more. */
export const budget = {
  attempts: 4,
  minMs: 1_000,
  maxMs: 4_000,
  resetAfter: 3,
  maxCrashes: 3,
} as const;

/** A model without jobs. */
export function emptyModel(now: number): Model {
  return { now, paused: false, ids: [], jobs: new Map(), keys: new Map(), drawn: 0 };
}

/** What an enqueue is answered, `undefined` for a new job; a conflict refuses the whole call. */
export type Held = { readonly outcome: "existing" | "replaced"; readonly id: string } | "conflict";

/** Whom an enqueue meets: nobody, or the holder of its key. */
export function meet(model: Model, { unique }: Wish): Held | undefined {
  const id = unique === null ? undefined : holderOf(model, unique.key);
  if (unique === null || id === undefined) return undefined;
  if (unique.onConflict === "error") return "conflict";
  const holder = model.jobs.get(id);
  const outcome = unique.onConflict === "replace" && waits(holder) ? "replaced" : "existing";
  return { id, outcome };
}

/** Rewrites the holder of a key, which keeps the key as it holds it. */
export function replace(model: Model, id: string, wish: Wish): void {
  const job = model.jobs.get(id);
  if (job === undefined) throw new Error(`There is no job ${id} to replace.`);
  job.priority = wish.priority;
  job.payload = wish.payload;
  bookAt(model, job, "scheduled", model.now + wish.delayMs);
}

/** Stores a new job, which takes its key. */
export function store(model: Model, id: string, { unique, ...wish }: Wish): void {
  const job: ModelJob = {
    id,
    key: unique?.key ?? null,
    state: "scheduled",
    priority: wish.priority,
    payload: wish.payload,
    seq: 0,
    runAt: model.now,
    run: 0,
    attempt: 0,
    crashes: 0,
    backoffMs: 0,
    checkpoint: undefined,
    owner: null,
    started: false,
    claimedAt: 0,
    cancelling: false,
  };
  model.ids.push(id);
  model.jobs.set(id, job);
  bookAt(model, job, "scheduled", model.now + wish.delayMs);
  if (unique === null) return;
  const until = unique.withinMs === null ? null : model.now + unique.withinMs;
  model.keys.set(unique.key, { holder: id, until });
}

/** The jobs a claim takes, in order. */
export function take(model: Model, owner: string, limit: number): readonly ModelJob[] {
  const taken = model.paused ? [] : inState(model, "available").sort(byTurn).slice(0, limit);
  for (const job of taken) {
    job.state = "running";
    job.owner = owner;
    job.run += 1;
    job.attempt += 1;
    job.started = job.crashes === 0;
    job.claimedAt = model.now;
    if (job.key === "waiting") letGo(model, job);
  }
  return taken;
}

function byTurn(a: ModelJob, b: ModelJob): number {
  return a.priority - b.priority || a.seq - b.seq;
}

/** Ends an attempt; after a request to cancel only a result and a cancel count. */
export function settle(
  model: Model,
  job: ModelJob,
  ending: Ending,
): "settled" | "cancel-requested" {
  if (job.cancelling && ending.kind !== "completed" && ending.kind !== "cancelled") {
    return "cancel-requested";
  }
  switch (ending.kind) {
    case "completed":
    case "cancelled":
    case "discarded":
      finish(model, job, ending.kind);
      break;
    case "failed":
      fail(model, job, ranLong(model, job) ? 1 : job.attempt, 0);
      break;
    case "timed-out":
      fail(model, job, job.attempt, 0);
      break;
    case "rescheduled":
      Object.assign(job, { attempt: 0, crashes: 0, backoffMs: 0 });
      bookAt(model, job, "scheduled", model.now + ending.inMs);
      break;
    case "snoozed":
    case "throttled":
      Object.assign(job, { attempt: job.attempt - 1, crashes: 0 });
      bookAt(model, job, "scheduled", model.now + ending.inMs);
      break;
    case "released":
      job.attempt -= 1;
      bookAt(model, job, "scheduled", model.now);
      break;
  }
  return "settled";
}

/** A worker died: its job is charged a crash if it had started. */
export function rescue(model: Model, job: ModelJob): void {
  if (job.cancelling) return finish(model, job, "cancelled");
  if (!job.started) return void settle(model, job, { kind: "released" });
  const crashes = job.crashes + 1;
  job.crashes = crashes;
  if (crashes >= budget.maxCrashes) finish(model, job, "discarded");
  else fail(model, job, job.attempt, crashes);
}

function ranLong(model: Model, job: ModelJob): boolean {
  const ran = model.now - job.claimedAt;
  return job.attempt > 1 && job.backoffMs > 0 && ran > budget.resetAfter * job.backoffMs;
}

function fail(model: Model, job: ModelJob, counted: number, crashes: number): void {
  if (counted >= budget.attempts) return finish(model, job, "discarded");
  const backoffMs = Math.min(budget.minMs * 2 ** (counted - 1), budget.maxMs);
  Object.assign(job, { attempt: counted, crashes, backoffMs });
  bookAt(model, job, "retryable", model.now + backoffMs);
}

/** Cancels a waiting job; asks a running one. */
export function cancel(model: Model, job: ModelJob): "cancelled" | "cancelling" | "finished" {
  if (isFinished(job.state)) return "finished";
  if (job.state !== "running") {
    finish(model, job, "cancelled");
    return "cancelled";
  }
  job.cancelling = true;
  return "cancelling";
}

/** Gives a cancelled or discarded job a fresh budget, and its key again. */
export function retry(model: Model, job: ModelJob): "retried" | "not-retryable" | "conflict" {
  if (job.state !== "cancelled" && job.state !== "discarded") return "not-retryable";
  const holder = job.key === null ? undefined : holderOf(model, job.key);
  if (holder !== undefined && holder !== job.id) return "conflict";
  if (job.key !== null && job.key !== "ever")
    model.keys.set(job.key, { holder: job.id, until: null });
  Object.assign(job, { attempt: 0, crashes: 0, backoffMs: 0 });
  bookAt(model, job, "scheduled", model.now);
  return "retried";
}

/** Makes a job that waits for its time available. */
export function runNow(model: Model, job: ModelJob): "available" | "already" | "finished" {
  if (isFinished(job.state)) return "finished";
  if (job.state === "available" || job.state === "running") return "already";
  bookAt(model, job, "scheduled", model.now);
  return "available";
}

/** Removes a job that does not run. */
export function remove(model: Model, job: ModelJob): "deleted" | "running" {
  if (job.state === "running") return "running";
  letGo(model, job);
  model.jobs.delete(job.id);
  return "deleted";
}

/** Makes all that is due available, oldest first, and says how many and when the next is due. */
export function promote(model: Model): {
  readonly rows: number;
  readonly nextDueAt: number | null;
} {
  const waiting = [...inState(model, "scheduled"), ...inState(model, "retryable")];
  const due = waiting.filter(({ runAt }) => runAt <= model.now);
  due.sort((a, b) => a.runAt - b.runAt || Number(a.id) - Number(b.id));
  for (const job of due) makeAvailable(model, job);
  const later = waiting.filter(({ runAt }) => runAt > model.now).map(({ runAt }) => runAt);
  return { rows: due.length, nextDueAt: later.length === 0 ? null : Math.min(...later) };
}

/** The jobs of one state, oldest first. */
export function inState(model: Model, state: JobState): ModelJob[] {
  return allJobs(model).filter((job) => job.state === state);
}

/** All jobs, oldest first. */
export function allJobs({ jobs }: Model): ModelJob[] {
  return [...jobs.values()].sort((a, b) => Number(a.id) - Number(b.id));
}

function bookAt(
  model: Model,
  job: ModelJob,
  waiting: "scheduled" | "retryable",
  runAt: number,
): void {
  job.runAt = runAt;
  job.owner = null;
  if (runAt <= model.now) makeAvailable(model, job);
  else job.state = waiting;
}

function makeAvailable(model: Model, job: ModelJob): void {
  model.drawn += 1;
  job.seq = model.drawn;
  job.state = "available";
}

function finish(model: Model, job: ModelJob, state: "completed" | "cancelled" | "discarded"): void {
  job.state = state;
  job.owner = null;
  job.cancelling = false;
  if (job.key !== "ever") letGo(model, job);
}

function waits(job: ModelJob | undefined): boolean {
  const { state = "completed" } = job ?? {};
  return state === "scheduled" || state === "available" || state === "retryable";
}

function holderOf(model: Model, key: UniqueWhile): string | undefined {
  const held = model.keys.get(key);
  if (held === undefined) return undefined;
  return held.until === null || held.until > model.now ? held.holder : undefined;
}

function letGo(model: Model, job: ModelJob): void {
  if (job.key !== null && model.keys.get(job.key)?.holder === job.id) model.keys.delete(job.key);
}
