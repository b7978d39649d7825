import type { Attempt } from "../../../core/attempt.ts";
import type { Settlement } from "../../../core/settlement.ts";
import { plainSuccess } from "../../shared/plain-success.ts";
import { idOf } from "../rows.ts";
import { copyStatement, expiryDay } from "./move-job.ts";
import type { Session } from "./session.ts";

/** The attempt of a plain success without a result: all such settlements of one worker and millisecond say the same. */
function bareSuccess(settlement: Settlement): Attempt | undefined {
  return settlement.result === undefined ? plainSuccess(settlement) : undefined;
}

/** Where the settlements end that differ from the one at `start` by their job only; mostly its direct neighbour. */
export function endOfAlike(settlements: readonly Settlement[], start: number): number {
  const first = settlements[start] as Settlement;
  const attempt = bareSuccess(first);
  let end = start + 1;
  if (attempt === undefined) return end;
  for (; end < settlements.length; end++) {
    const next = settlements[end] as Settlement;
    if (!areAlike(first, next) || !sameTimes(attempt, bareSuccess(next))) break;
  }
  return end;
}

function areAlike(one: Settlement, other: Settlement): boolean {
  return (
    one.lease.owner === other.lease.owner &&
    one.lease.run === other.lease.run &&
    one.attempt === other.attempt &&
    one.crashes === other.crashes &&
    one.backoffMs === other.backoffMs &&
    one.unlessCancelRequested === other.unlessCancelRequested
  );
}

function sameTimes(one: Attempt, other: Attempt | undefined): boolean {
  return one.began === other?.began && one.ended === other.ended;
}

/** Copies the jobs of settlements that are alike to where the completed are, and says which it found under their lease. */
export function finishAlike(
  session: Session,
  alike: readonly Settlement[],
): readonly (number | null)[] {
  const [first] = alike as readonly [Settlement];
  const attempt = bareSuccess(first);
  const ids = alike.map(({ lease }) => idOf(lease.id));
  const list = JSON.stringify(ids);
  const copied = session.run(
    toDoneTogether,
    list,
    idOf(first.lease.owner),
    first.lease.run,
    first.unlessCancelRequested ? 1 : 0,
    first.attempt,
    first.crashes,
    first.backoffMs,
    attempt?.began ?? null,
    attempt?.ended ?? null,
  );
  if (copied === alike.length) return ids;
  return session.tuples<readonly [number]>(copiedJobs, list).map(([id]) => id);
}

/**
 * Index: the primary key of live, then the one of done and holdfast_done_bucket. Locks: the one writer of the file.
 * Races: a cancel, a rescue or another settlement before it, which the fence sees. Cost: one row copied per job, a third of
 * what a statement for each takes.
 */
const toDoneTogether = copyStatement(
  "live",
  "done",
  {
    attempt: "?5",
    crashes: "?6",
    backoff_ms: "?7",
    attempts: "NULL",
    owner: "owner",
    claimed_at: "claimed_at",
    began_at: "?8",
    finished_at: "?9",
    bucket: expiryDay("keep_completed_ms", "?9"),
  },
  `id IN (SELECT value FROM json_each(?1)) AND owner = ?2 AND run = ?3 AND (?4 = 0 OR cancel IS NULL)`,
);

/** Index: both primary keys. Only a job copied in this transaction is in both tables. */
const copiedJobs = `
  SELECT id FROM holdfast_live
  WHERE id IN (SELECT value FROM json_each(?1)) AND id IN (SELECT id FROM holdfast_done WHERE id = holdfast_live.id)`;
