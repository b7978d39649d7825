import type { EnqueueReceipt } from "../../../core/enqueue-options.ts";
import { HoldfastError } from "../../../core/errors.ts";
import type { NewJob } from "../../../core/new-job.ts";
import type { UniqueClaim } from "../../../core/unique.ts";
import { replaceWaiting } from "./replace-job.ts";
import type { Session } from "./session.ts";

/** A key as it is taken. */
export interface KeyClaim {
  readonly name: string;
  readonly key: string;
  readonly holder: number;
  readonly until: number | null;
}

/**
 * Takes a key that is free, past its time, or the holder's already; else gives who holds it.
 *
 * Index: the primary key (name, key). Locks: the one writer of the file. Races: none inside it. Cost: one search.
 */
export function takeKey(session: Session, claim: KeyClaim, now: number): number | null {
  const taken = session.run(takeStatement, { ...claim, now });
  return taken > 0 ? null : holderOf(session, claim.name, claim.key);
}

/** A key its holder still has keeps the time it was taken for. */
const takeStatement = `
  INSERT INTO holdfast_uniq (name, key, holder, until) VALUES ($name, $key, $holder, $until)
  ON CONFLICT (name, key) DO UPDATE
  SET holder = excluded.holder, until = CASE WHEN until <= $now THEN excluded.until ELSE until END
  WHERE holder = excluded.holder OR until <= $now`;

function holderOf(session: Session, name: string, key: string): number {
  const row = session.get<{ readonly holder: number }>(
    "SELECT holder FROM holdfast_uniq WHERE name = ? AND key = ?",
    name,
    key,
  );
  if (row === undefined) throw new Error("a unique key that could not be taken has no holder");
  return row.holder;
}

/** Who holds a key whose time is not up; `undefined` when it is free. */
export function currentHolder(
  session: Session,
  name: string,
  key: string,
  now: number,
): number | undefined {
  return session.get<{ readonly holder: number }>(
    "SELECT holder FROM holdfast_uniq WHERE name = ? AND key = ? AND (until IS NULL OR until > ?)",
    name,
    key,
    now,
  )?.holder;
}

/** The error for a key somebody else holds. */
export function uniqueConflict(name: string, key: string, holder: number): HoldfastError {
  return new HoldfastError(
    "UNIQUE_CONFLICT",
    `Job ${holder} holds the unique key ${JSON.stringify(key)} of ${name}. Wait for it, cancel it, or use onConflict: "skip".`,
    { details: { holder: String(holder), key } },
  );
}

/**
 * Takes a new job's key, or answers for the job that holds it; `null` means the new job is to be stored.
 *
 * @throws {HoldfastError} `UNIQUE_CONFLICT`.
 */
export function resolveKey(
  session: Session,
  job: NewJob,
  unique: UniqueClaim,
  numbers: { readonly id: number; readonly seq: number },
): EnqueueReceipt | null {
  const claim = { name: job.name, key: unique.key, holder: numbers.id, until: unique.until };
  const holder = takeKey(session, claim, job.createdAt);
  if (holder === null) return null;
  if (unique.onConflict === "error") throw uniqueConflict(job.name, unique.key, holder);
  const replaced =
    unique.onConflict === "replace" && replaceWaiting(session, job, holder, numbers.seq);
  return { id: String(holder), outcome: replaced ? "replaced" : "existing" };
}
