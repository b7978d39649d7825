import type { Aim, Backlog } from "./system.ts";

/** What the harness may ask of a system's process: command to its input and answer. */
export interface Commands {
  prepare: [input: null, answer: null];
  remaining: [input: null, answer: number];
  fill: [input: Backlog, answer: null];
  /** Fills a database with so many finished jobs of many kinds. */
  history: [input: number, answer: null];
  /** Asks an operator's questions so often; how long each took, by kind. */
  look: [input: number, answer: Readonly<Record<string, readonly number[]>>];
  /** Lets a day of the finished jobs expire. */
  expire: [input: null, answer: null];
  openProducer: [input: null, answer: null];
  closeProducer: [input: null, answer: null];
  /** Enqueues one by one from `callers` concurrent callers until `jobs` are in or `ms` are over. */
  burst: [input: BurstPlan, answer: Burst];
  /** Enqueues `jobs` in one call of the system's bulk way and answers how long it took. */
  bulk: [input: { jobs: number; text?: string }, answer: number];
  /** Enqueues at a steady rate, not waiting for the one before, and answers when the last is in. */
  pace: [input: Pace, answer: { sent: number; tookMs: number }];
  /** May be asked for several times: `start` and `stop` are about all that were opened since the last `stop`. */
  openConsumer: [input: OpenConsumer, answer: null];
  start: [input: null, answer: null];
  stop: [input: null, answer: null];
  /** What the consumer handled so far; `sinceMs` leaves out the ages of jobs handled before. */
  tally: [input: { sinceMs: number }, answer: Tally];
  cpuSeconds: [input: null, answer: number];
  rssMb: [input: null, answer: number];
}

export type Command = keyof Commands;

export interface BurstPlan {
  readonly callers: number;
  readonly jobs: number;
  readonly ms: number;
  readonly text?: string;
}

export interface Burst {
  readonly jobs: number;
  readonly ms: number;
}

export interface Pace {
  readonly perSecond: number;
  readonly ms: number;
  /** What is due is enqueued together, as many at once, so often; else every job by itself. */
  readonly everyMs?: number;
}

export interface OpenConsumer {
  readonly aim: Aim;
  readonly concurrency?: number;
  /** Keep every job's age at its start. */
  readonly recordAges?: boolean;
  /** The handler never ends. */
  readonly hold?: boolean;
}

export interface Tally {
  readonly handled: number;
  /** Monotonic milliseconds; 0 when nothing was handled. */
  readonly lastAt: number;
  readonly ages: readonly number[];
}

export interface Request {
  readonly id: number;
  readonly command: Command;
  readonly input: unknown;
}

/** What a system's process sends: an answer, or how much it has handled, at most every 10 ms. */
export type Report =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string }
  | { readonly handled: number; readonly lastAt: number };
