import type { Lease } from "../../core/claimed-job.ts";
import { defaults } from "../../core/defaults.ts";
import { isFinished } from "../../core/job.ts";
import type { Settlement } from "../../core/settlement.ts";
import type { SettleAnswer, SettleStore } from "../contract/settle.ts";
import { parseCancel } from "../shared/job-json.ts";
import type { Connection } from "./connection.ts";
import type { NamedValues } from "./engine/handle.ts";
import { copyStatement, expiryDay, freeKeyOfFinished, removeRow } from "./engine/move-job.ts";
import { drawSeq } from "./engine/sequence.ts";
import type { Session } from "./engine/session.ts";
import { fence, idList, idOf } from "./rows.ts";
import { translated } from "./sql-errors.ts";
import type { Transactions } from "./transact.ts";

/** Writes how attempts ended. */
export function createSettleStore(connection: Connection, transactions: Transactions): SettleStore {
  return {
    async settleJobs(settlements, now, tx) {
      const settleAll = (session: Session): readonly SettleAnswer[] =>
        settlements.map((settlement) => settle(session, settlement, now));
      if (tx === undefined) return connection.write(settleAll);
      const session = transactions.sessionOf(tx);
      return translated(() => settleAll(session));
    },
    patchJob: (lease, patch) =>
      connection.write((session) => {
        const { checkpoint = null, progress = null, result = null } = patch;
        return session.run(patchRunning, { ...fence(lease), checkpoint, progress, result }) > 0;
      }),
    async checkLeases(leases) {
      const ids = idList(leases.map((lease) => lease.id));
      const rows = await connection.read((session) => session.all<LeaseRow>(readLeases, ids));
      const cancels = new Map(rows.map((row) => [leaseKey(row), parseCancel(row.cancel)]));
      return {
        lost: leases.filter((lease) => !cancels.has(leaseKey(lease))),
        cancelled: leases.flatMap((lease) => {
          const request = cancels.get(leaseKey(lease)) ?? null;
          return request === null ? [] : [{ lease, request }];
        }),
      };
    },
  };
}

interface LeaseRow {
  readonly id: number;
  readonly owner: number;
  readonly run: number;
  readonly cancel: string | null;
}

function leaseKey({ id, owner, run }: Lease | LeaseRow): string {
  return `${id} ${owner} ${run}`;
}

function settle(session: Session, settlement: Settlement, now: number): SettleAnswer {
  if (write(session, settlement, now) === 0) return refusal(session, settlement.lease);
  if (settlement.to !== "available") {
    const removed = removeRow(session, "live", idOf(settlement.lease.id));
    if (removed !== undefined && isFinished(settlement.to)) freeKeyOfFinished(session, removed);
  }
  return { outcome: "settled" };
}

/** How many rows were written: 0 when the fence refused. */
function write(session: Session, settlement: Settlement, now: number): number {
  const { to, runAt, reason } = settlement;
  const values = written(settlement);
  switch (to) {
    case "available":
      return session.run(toAvailable, { ...values, runAt, seq: drawSeq(session) });
    case "scheduled":
    case "retryable":
      return session.run(toLater, { ...values, runAt, retrying: Number(to === "retryable") });
    case "completed":
      return session.run(toDone, { ...values, now, keep: defaults.completedKeptMs });
    case "cancelled":
    case "discarded":
      return session.run(toDead, {
        ...values,
        now,
        keep: defaults.deadKeptMs,
        state: to,
        reason: reason === null ? null : JSON.stringify(reason),
      });
  }
}

function written(settlement: Settlement): NamedValues {
  return {
    ...fence(settlement.lease),
    unless: Number(settlement.unlessCancelRequested),
    attempt: settlement.attempt,
    crashes: settlement.crashes,
    backoff: settlement.backoffMs,
    attempts: JSON.stringify(settlement.attempts),
    result: settlement.result ?? null,
  };
}

/** Read inside the transaction that refused, so nothing can have changed in between. */
function refusal(session: Session, lease: Lease): SettleAnswer {
  const row = session.get<Pick<LeaseRow, "cancel">>(
    "SELECT cancel FROM holdfast_live WHERE id = $id AND owner = $owner AND run = $run",
    fence(lease),
  );
  const request = parseCancel(row?.cancel ?? null);
  return request === null ? { outcome: "lease-lost" } : { outcome: "cancel-requested", request };
}

const held = `id = $id AND owner = $owner AND run = $run AND ($unless = 0 OR cancel IS NULL)`;

const counters = {
  attempt: "$attempt",
  crashes: "$crashes",
  backoff_ms: "$backoff",
  attempts: "$attempts",
  result: "coalesce($result, result)",
} as const;

/**
 * The four ways out of a lease.
 * Index: the primary key of live, then the one of the table it goes to. Locks: the one writer of the file.
 * Races: a cancel, a rescue or another settlement before it, which the fence sees. Cost: one row copied and one removed;
 * back to available rewrites the row in place and adds it to the ready index.
 */
const toDone = copyStatement(
  "live",
  "done",
  {
    ...counters,
    claimed_at: "claimed_at",
    finished_at: "$now",
    bucket: expiryDay("keep_completed_ms"),
  },
  held,
);
const toDead = copyStatement(
  "live",
  "dead",
  {
    ...counters,
    claimed_at: "claimed_at",
    finished_at: "$now",
    bucket: expiryDay("keep_dead_ms"),
    state: "$state",
    reason: "$reason",
  },
  held,
);
const toLater = copyStatement(
  "live",
  "later",
  { ...counters, run_at: "coalesce($runAt, run_at)", retrying: "$retrying" },
  held,
);
const toAvailable = `
  UPDATE holdfast_live
  SET owner = NULL, started = 0, claimed_at = NULL, seq = $seq, run_at = coalesce($runAt, run_at),
    attempt = $attempt, crashes = $crashes, backoff_ms = $backoff, attempts = $attempts,
    result = coalesce($result, result)
  WHERE ${held}`;

/** Index: the primary key. Locks: the one writer of the file. Races: a settlement before it, which the fence sees. */
const patchRunning = `
  UPDATE holdfast_live
  SET checkpoint = coalesce($checkpoint, checkpoint), progress = coalesce($progress, progress),
    result = coalesce($result, result)
  WHERE id = $id AND owner = $owner AND run = $run`;

/** Index: the primary key, once per lease. Locks: none. */
const readLeases = `
  SELECT id, owner, run, cancel FROM holdfast_live
  WHERE owner IS NOT NULL AND id IN (SELECT value FROM json_each(?))`;
