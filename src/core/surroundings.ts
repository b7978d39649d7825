import type { Rate } from "./rate.ts";

/** A job that was let in through a gate and has not ended. */
export interface GateHolder {
  readonly job: string;
  /** The worker that runs it; `null` when it has not started. */
  readonly worker: string | null;
}

/** How the gate a blocked job waits at stands. */
export interface GateFacts {
  /** Oldest id first, at most 100. */
  readonly holders: readonly GateHolder[];
  /** The weights of all of them. */
  readonly held: number;
  /** How much may be let in at once; `null` for any. */
  readonly concurrent: number | null;
  readonly rate: Rate | null;
  /** When the rate's bucket is full again, in microseconds; `null` for one never used. */
  readonly fullAt: number | null;
  /** False for a limit nobody declared. */
  readonly declared: boolean;
}

/** What a worker is at. */
export interface WorkerLoad {
  /** Jobs of the queue in question that it runs. */
  readonly running: number;
  /** A job it runs that crashed before, beside which it starts nothing. */
  readonly alone: string | null;
}

/** What is around a job, and its own row does not say. */
export interface Surroundings {
  /** Jobs in line before it: in its queue when it is available, at its gate when it is blocked; else 0. Counted up to 100000. */
  readonly ahead: number;
  /** Of the thousand newest completed jobs, those of its queue that ended in the last five minutes, and when the first of them did. */
  readonly recent: { readonly jobs: number; readonly since: number } | null;
  /** `null` for a job that is not blocked. */
  readonly gate: GateFacts | null;
  /** Another job that holds its unique key. */
  readonly keyHolder: string | null;
  /** What each worker that runs anything is at, by its id; for an available job only. */
  readonly loads: Readonly<Record<string, WorkerLoad>>;
}
