import type { Duration } from "./duration.ts";
import type { LimitSettings } from "./limit-options.ts";
import type { RateText } from "./rate.ts";

/** A named limit: how it is set, and how it is used over all its keys. */
export interface Limit {
  readonly scope: string;
  /** Jobs, by their weights, let in at once; `null` for any number. */
  readonly concurrent: number | null;
  /** As text, `"100/1m"`; `null` for none. */
  readonly rate: string | null;
  /** True once it was changed by hand; what code declares no longer counts. */
  readonly edited: boolean;
  /** The weights of the jobs let in by it and not ended. */
  readonly held: number;
  /** Jobs that wait for it. */
  readonly waiting: number;
}

/** What to change of a limit; what is left out stays, `null` takes it away. */
export interface LimitChange {
  readonly concurrent?: number | null;
  readonly rate?: RateText | null;
  /** Who changes it, for the audit. */
  readonly by?: string;
}

/** What to take of a rate. */
export interface AcquireOptions {
  /** Takes from the bucket of this key, as `limits.by` gives for jobs. */
  readonly by?: string;
  /** How many to take, all or none; default 1. */
  readonly weight?: number;
}

/** What to empty, and for how long. */
export interface DrainRateOptions {
  /** Empties the bucket of this key only; without it the one bucket of uses without a key. */
  readonly by?: string;
  /** Nothing passes for this long, then as usual; default the rate's own time. */
  readonly for?: Duration;
}

/** The answer to one `acquire`. */
export type RateGrant =
  | { readonly granted: true }
  /** In milliseconds, to be given to `job.snooze` or `job.throttle`. */
  | { readonly granted: false; readonly retryAfter: number };

/** Token buckets shared by every process of the database. */
export interface RateLimits {
  /**
   * Takes from a rate now, or says when to come back; waits for nothing. Exact however many processes take at once. A limit
   * without a rate grants; one nobody declared never does, with the warning `LIMIT_UNDECLARED`.
   *
   * @throws {HoldfastError} `INVALID_OPTION`, `TRANSACTION_OPEN`, `STORAGE_*`.
   * @example
   * ```ts
   * const handler = sendWelcome.handler(async ({ email }, job) => {
   *   const turn = await job.rateLimit.acquire("mail-api");
   *   if (!turn.granted) return job.snooze(turn.retryAfter);
   *   return mailer.send(email, { signal: job.signal });
   * });
   * ```
   */
  acquire(scope: string, options?: AcquireOptions): Promise<RateGrant>;
  /**
   * Empties a rate for everybody, as when the other side has answered 429. It never shortens an emptiness ordered before.
   *
   * @throws {HoldfastError} `INVALID_OPTION`, `TRANSACTION_OPEN`, `STORAGE_*`.
   */
  drain(scope: string, options?: DrainRateOptions): Promise<void>;
}

/** Reading and steering limits. */
export interface LimitsClient extends RateLimits {
  /**
   * Creates the limits that do not exist; those that do stay as they are.
   *
   * @throws {HoldfastError} `INVALID_OPTION`, `STORAGE_*`.
   * @example
   * ```ts
   * await client.limits.declare({ "mail-api": { rate: "100/1m", concurrent: 5 } });
   * ```
   */
  declare(limits: Readonly<Record<string, LimitSettings>>): Promise<void>;
  /** Every limit, by name. */
  list(): Promise<readonly Limit[]>;
  /**
   * Changes a limit from now on; later deploys do not change it back. Jobs that may pass now do so within a second.
   *
   * @throws {HoldfastError} `LIMIT_UNDECLARED` when there is none of the name, `INVALID_OPTION`, `STORAGE_*`.
   */
  update(scope: string, to: LimitChange): Promise<void>;
}
