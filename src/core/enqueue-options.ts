import { checkOptions, isWhole, type OptionRule, rule } from "./check-options.ts";
import { type Duration, parseDuration } from "./duration.ts";
import { HoldfastError } from "./errors.ts";
import { type IdempotencyKey, idempotencyClaim } from "./idempotency.ts";
import type { JobId } from "./job.ts";
import { isReservedTag } from "./schedule-tags.ts";
import { checkUnique, type UniqueOptions } from "./unique.ts";

/** What one enqueue may say over its definition. */
export interface EnqueueOptions<Input = unknown> {
  /** Run no sooner than this from now. Not together with `runAt`. */
  readonly delay?: Duration;
  /** Run no sooner than this moment; a past one means now. */
  readonly runAt?: Date | number;
  /** 0 to 9, lower runs first; default the definition's, else 5. */
  readonly priority?: number;
  /** Default the definition's, else `"default"`. */
  readonly queue?: string;
  /** Replaces the definition's rule; `null` switches it off for this job. */
  readonly unique?: UniqueOptions<Input> | null;
  /**
   * Names this request, so that repeating it gives the job it made (`outcome: "existing"`) until 24 h after that job has
   * finished, whatever else the repetition says. Counts per job name; comes before `unique`.
   */
  readonly idempotencyKey?: IdempotencyKey;
  /**
   * At most one job of a lane is let in at a time, across names, queues and processes, oldest first; replaces the definition's.
   * Not for keyed and resident jobs.
   */
  readonly lane?: string;
  /** Words to find the job by, at most 32. */
  readonly tags?: readonly string[];
  /**
   * The caller's open transaction, so that the job exists exactly if it commits. On PostgreSQL that of `pg`, postgres.js, Drizzle,
   * Kysely, Knex, TypeORM, Sequelize, MikroORM or Prisma, or of any other library by `asTransaction`; on SQLite a handle of the
   * same file and the same library as Holdfast's (`node:sqlite`; on Node 20 `@photostructure/sqlite`), or what runs on it; on both
   * the `tx` of `client.transaction`.
   */
  readonly tx?: object;
}

/** The answer to one enqueue: which job, and whether it is new. */
export interface EnqueueReceipt<Result = unknown> {
  readonly id: JobId<Result>;
  /**
   * `existing`: its unique key was held, or its idempotency key known, and `id` is that job. `replaced`: the holder was
   * rewritten.
   */
  readonly outcome: "enqueued" | "existing" | "replaced";
  /** There, and `false`, when an idempotency key gave a finished job whose row is no longer kept. */
  readonly kept?: false;
}

/** The rules shared by definitions and enqueues. */
export const jobSettingRules = {
  queue: rule.text,
  priority: { is: "a whole number from 0 to 9", test: (value: unknown) => isWhole(value, 0, 9) },
  tags: {
    is: 'at most 32 non-empty strings, none of which begins with "schedule:" or "tick:"',
    test: (value: unknown) =>
      Array.isArray(value) &&
      value.length <= 32 &&
      value.every((tag) => rule.text.test(tag) && !isReservedTag(tag)),
  },
} as const satisfies Readonly<Record<string, OptionRule>>;

const rules: Readonly<Record<string, OptionRule>> = {
  delay: rule.any,
  runAt: {
    is: "a Date or milliseconds since the epoch",
    test: isMoment,
  },
  ...jobSettingRules,
  lane: rule.text,
  unique: { is: "unique options or null", test: (value) => typeof value === "object" },
  idempotencyKey: {
    is: "text of 1 to 255 characters without NUL, or { key, keep }",
    test: (value) => rule.text.test(value) || rule.object.test(value),
  },
  tx: rule.transaction,
};

/**
 * Checks the options of one enqueue.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function checkEnqueueOptions(options: EnqueueOptions<never>): void {
  checkOptions("enqueue", options, rules);
  if (options.delay !== undefined && options.runAt !== undefined) {
    throw new HoldfastError("INVALID_OPTION", "enqueue takes delay or runAt, not both.");
  }
  if (options.unique !== undefined && options.unique !== null) checkUnique(options.unique);
  if (options.idempotencyKey !== undefined) idempotencyClaim(options.idempotencyKey);
}

/** When the job is due: `now` unless it was put off. */
export function dueAt(options: EnqueueOptions<never>, now: number): number {
  if (options.delay !== undefined) return now + parseDuration(options.delay, "delay");
  return options.runAt === undefined ? now : Math.max(now, momentOf(options.runAt));
}

/** True for a Date, or milliseconds since the epoch. */
export function isMoment(value: unknown): boolean {
  return isWhole(momentOf(value), 0, 8.64e15);
}

/** The milliseconds since the epoch of either; `NaN` of anything else. */
export function momentOf(value: unknown): number {
  return value instanceof Date
    ? value.getTime()
    : typeof value === "number"
      ? Math.round(value)
      : Number.NaN;
}
