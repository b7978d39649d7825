import type { EnqueueReceipt } from "../../../core/enqueue-options.ts";
import { HoldfastError } from "../../../core/errors.ts";
import type { NewJob } from "../../../core/new-job.ts";
import type { UniqueClaim } from "../../../core/unique.ts";
import { copyStatement, type JobTable, moveJob } from "./move-job.ts";
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
  const { name, key, holder, until } = claim;
  const taken = session.run(
    `INSERT INTO holdfast_uniq (name, key, holder, until) VALUES (?, ?, ?, ?)
     ON CONFLICT (name, key) DO UPDATE SET holder = excluded.holder, until = excluded.until
     WHERE holder = excluded.holder OR until <= ?`,
    name,
    key,
    holder,
    until,
    now,
  );
  return taken > 0 ? null : holderOf(session, name, key);
}

function holderOf(session: Session, name: string, key: string): number {
  const row = session.get<{ readonly holder: number }>(
    "SELECT holder FROM holdfast_uniq WHERE name = ? AND key = ?",
    name,
    key,
  );
  if (row === undefined) throw new Error("a unique key that could not be taken has no holder");
  return row.holder;
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
    unique.onConflict === "replace" && replaceWaiting(session, job, unique, holder, numbers.seq);
  return { id: String(holder), outcome: replaced ? "replaced" : "existing" };
}

const rewrittenColumns = `version = $version, queue = $queue, priority = $priority, payload = $payload, policy = $policy,
  run_at = $runAt, unique_while = $while, tags = $tags`;

const becomesDue = copyStatement("later", "live", { seq: "$seq" }, "id = $id");
const isPutOff = copyStatement("live", "later", {}, "id = $id");

/** Rewrites a holder that waits, and moves it to where its new time belongs; false when it runs or has finished. */
function replaceWaiting(
  session: Session,
  job: NewJob,
  unique: UniqueClaim,
  id: number,
  seq: number,
): boolean {
  const table = rewrite(session, job, unique, id);
  if (table === undefined) return false;
  session.run(
    "UPDATE holdfast_uniq SET until = ? WHERE name = ? AND key = ?",
    unique.until,
    job.name,
    unique.key,
  );
  const due = job.runAt <= job.createdAt;
  if (table === "later" && due) moveJob(session, becomesDue, table, { id, seq });
  if (table === "live" && !due) moveJob(session, isPutOff, table, { id });
  return true;
}

function rewrite(
  session: Session,
  job: NewJob,
  unique: UniqueClaim,
  id: number,
): JobTable | undefined {
  const values = {
    id,
    version: job.version,
    queue: job.queue,
    priority: job.priority,
    payload: job.payload,
    policy: JSON.stringify(job.policy),
    runAt: job.runAt,
    while: unique.while,
    tags: JSON.stringify(job.tags),
  };
  const waitingRow = { live: "owner IS NULL", later: "TRUE", blocked: "TRUE" } as const;
  return (["live", "later", "blocked"] as const).find(
    (table) =>
      session.run(
        `UPDATE holdfast_${table} SET ${rewrittenColumns} WHERE id = $id AND ${waitingRow[table]}`,
        values,
      ) > 0,
  );
}
