import type { Lease } from "../../../core/claimed-job.ts";
import { isFinished } from "../../../core/job.ts";
import type { Settlement } from "../../../core/settlement.ts";
import { linesOfSettled } from "../../../core/stat-line.ts";
import type { SettleAnswer } from "../../contract/settle.ts";
import { parseCancel, settledAttempts } from "../../shared/job-json.ts";
import { plainSuccess } from "../../shared/plain-success.ts";
import { fence, idOf } from "../rows.ts";
import { endOfAlike, finishAlike } from "./finish-alike.ts";
import type { SqlValue } from "./handle.ts";
import { atEndOfLine, copyStatement, expiryDay } from "./move-job.ts";
import { drawSeq } from "./sequence.ts";
import type { Session } from "./session.ts";
import { writeLines } from "./write-lines.ts";

/** Jobs whose rows are copied: they are removed all at once, and until then a second settlement must not find them. */
interface Leaving {
  readonly ids: Set<number | null>;
  readonly finished: (number | null)[];
}

const settled: SettleAnswer = { outcome: "settled" };
const lost: SettleAnswer = { outcome: "lease-lost" };

/** Writes settlements inside a transaction of the one writer; one answer each, in order. */
export function settleAll(
  session: Session,
  settlements: readonly Settlement[],
  now: number,
): readonly SettleAnswer[] {
  const leaving: Leaving = { ids: new Set(), finished: [] };
  const distinct = new Set(settlements.map(({ lease }) => lease.id)).size === settlements.length;
  const answers: SettleAnswer[] = [];
  while (answers.length < settlements.length) {
    const start = answers.length;
    const end = distinct ? endOfAlike(settlements, start) : start + 1;
    if (end === start + 1)
      answers.push(settleOne(session, settlements[start] as Settlement, now, leaving));
    else answers.push(...settleAlike(session, settlements.slice(start, end), leaving));
  }
  if (leaving.finished.length > 0)
    session.run(freeKeysOfFinished, JSON.stringify(leaving.finished));
  if (leaving.ids.size > 0) session.run(removeSettled, JSON.stringify([...leaving.ids]));
  const written = settlements.filter((_, index) => answers[index]?.outcome === "settled");
  writeLines(session, linesOfSettled(written, now));
  return answers;
}

function settleAlike(
  session: Session,
  alike: readonly Settlement[],
  leaving: Leaving,
): readonly SettleAnswer[] {
  for (const id of finishAlike(session, alike)) {
    leaving.ids.add(id);
    leaving.finished.push(id);
  }
  return alike.map(({ lease }) =>
    leaving.ids.has(idOf(lease.id)) ? settled : refusal(session, lease),
  );
}

function settleOne(
  session: Session,
  settlement: Settlement,
  now: number,
  leaving: Leaving,
): SettleAnswer {
  const id = idOf(settlement.lease.id);
  if (leaving.ids.has(id)) return lost;
  if (write(session, settlement, id, now) === 0) return refusal(session, settlement.lease);
  if (settlement.to !== "available") leaving.ids.add(id);
  if (isFinished(settlement.to)) leaving.finished.push(id);
  return settled;
}

/** How many rows were written: 0 when the fence refused. */
function write(session: Session, settlement: Settlement, id: number | null, now: number): number {
  const { to, lease, attempt, crashes, backoffMs, result, runAt, reason } = settlement;
  const plain = plainSuccess(settlement);
  const values: readonly SqlValue[] = [
    id,
    idOf(lease.owner),
    lease.run,
    settlement.unlessCancelRequested ? 1 : 0,
    attempt,
    crashes,
    backoffMs,
    plain === undefined ? settledAttempts(settlement) : null,
    result ?? null,
  ];
  switch (to) {
    case "available":
      return session.run(toAvailable, ...values, runAt, drawSeq(session));
    case "blocked":
      return session.run(toBlocked, ...values, runAt, drawSeq(session));
    case "scheduled":
    case "retryable":
      return session.run(toLater, ...values, runAt, to === "retryable" ? 1 : 0);
    case "completed":
      return session.run(toDone, ...values, plain?.ended ?? now, plain?.began ?? null);
    case "cancelled":
    case "discarded":
      return session.run(
        toDead,
        ...values,
        now,
        to,
        reason === null ? null : JSON.stringify(reason),
      );
  }
}

/** Read inside the transaction that refused, so nothing can have changed in between. */
function refusal(session: Session, lease: Lease): SettleAnswer {
  const row = session.get<{ readonly cancel: string | null }>(
    "SELECT cancel FROM holdfast_live WHERE id = $id AND owner = $owner AND run = $run",
    fence(lease),
  );
  const request = parseCancel(row?.cancel ?? null);
  return request === null ? lost : { outcome: "cancel-requested", request };
}

const held = "id = ?1 AND owner = ?2 AND run = ?3 AND (?4 = 0 OR cancel IS NULL)";

const counters = {
  attempt: "?5",
  crashes: "?6",
  backoff_ms: "?7",
  attempts: "?8",
  result: "coalesce(?9, result)",
} as const;

/**
 * The ways out of a lease. Their values stand in order: by name, binding them costs more than the writing.
 * Index: the primary key of live, then the one of the table it goes to. Locks: the one writer of the file.
 * Races: a cancel, a rescue or another settlement before it, which the fence sees. Cost: one row copied, and later one removed;
 * back to available rewrites the row in place and adds it to the ready index.
 */
const toDone = copyStatement(
  "live",
  "done",
  {
    ...counters,
    owner: "owner",
    claimed_at: "claimed_at",
    began_at: "?11",
    finished_at: "?10",
    bucket: expiryDay("keep_completed_ms", "?10"),
  },
  held,
);
const toDead = copyStatement(
  "live",
  "dead",
  {
    ...counters,
    claimed_at: "claimed_at",
    finished_at: "?10",
    bucket: expiryDay("keep_dead_ms", "?10"),
    state: "?11",
    reason: "?12",
  },
  held,
);
const toLater = copyStatement(
  "live",
  "later",
  { ...counters, run_at: "coalesce(?10, run_at)", retrying: "?11" },
  held,
);
const toBlocked = copyStatement(
  "live",
  "blocked",
  { ...counters, run_at: "coalesce(?10, run_at)", ...atEndOfLine, seq: "?11" },
  held,
);
/** It keeps the permits it was admitted with. */
const toAvailable = `
  UPDATE holdfast_live
  SET owner = NULL, started = 0, claimed_at = NULL, seq = ?11, run_at = coalesce(?10, run_at),
    attempt = ?5, crashes = ?6, backoff_ms = ?7, attempts = ?8, result = coalesce(?9, result)
  WHERE ${held}`;

/** Index: the primary keys of both tables. Locks: the one writer of the file. Cost: one search per job, a second one per key. */
const freeKeysOfFinished = `
  DELETE FROM holdfast_uniq WHERE (name, key, holder) IN (
    SELECT name, unique_key, id FROM holdfast_live
    WHERE id IN (SELECT value FROM json_each(?1)) AND unique_key IS NOT NULL AND unique_while IS NOT 'ever')`;

/** Index: the primary key, then an entry of the running index each. Locks: the one writer of the file. Races: none, as above. */
const removeSettled = "DELETE FROM holdfast_live WHERE id IN (SELECT value FROM json_each(?1))";
