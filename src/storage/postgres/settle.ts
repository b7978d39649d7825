import type { Lease } from "../../core/claimed-job.ts";
import type { Settlement } from "../../core/settlement.ts";
import type { SettleAnswer, SettleStore } from "../contract/settle.ts";
import { plainSuccess } from "../shared/plain-success.ts";
import type { Connection } from "./connection.ts";
import type { CallerTransactions } from "./engine/caller-transaction.ts";
import { completeCall } from "./engine/complete-statement.ts";
import type { DoubtfulSettlements } from "./engine/doubtful-settlements.ts";
import { type SettleBatch, settleStatement } from "./engine/settle-statement.ts";
import type { Query } from "./engine/session.ts";
import { type Standing, standingOf, touchedColumns, writeFenced } from "./engine/write-fenced.ts";
import { fences } from "./rows.ts";
import { isUnknownOutcome } from "./sql-errors.ts";

/** Writes how attempts ended. */
export function createSettleStore(
  connection: Connection,
  callers: CallerTransactions,
  doubtful: DoubtfulSettlements,
): SettleStore {
  const { schema, read } = connection;
  return {
    async settleJobs(settlements, now, tx) {
      if (settlements.length === 0) return [];
      if (tx !== undefined) {
        return callers.inside(tx, (query) => settleInOrder(query, query, schema, settlements, now));
      }
      try {
        return await settleAlone(connection, doubtful, settlements, now);
      } catch (error) {
        if (!isUnknownOutcome(error)) throw error;
        doubtful.doubt(settlements);
        return settleAlone(connection, doubtful, settlements, now);
      }
    },

    async patchJob(lease, patch) {
      const { checkpoint = null, progress = null, result = null } = patch;
      const write = (open: readonly Lease[]) =>
        connection.idempotent<Lease>(patchStatement(schema), [
          ...fences(open),
          checkpoint,
          progress,
          result,
        ]);
      const { refused } = await writeFenced(read, schema, [lease], write);
      return refused.size === 0;
    },

    async checkLeases(leases) {
      const standing = await standingOf(read, schema, leases);
      return {
        lost: leases.filter((lease) => !standing.has(lease)),
        cancelled: leases.flatMap((lease) => {
          const request = standing.get(lease)?.cancel ?? null;
          return request === null ? [] : [{ lease, request }];
        }),
      };
    },
  };
}

/** Leaves out what an earlier call, whose answer was lost, turns out to have written. */
async function settleAlone(
  { schema, read, write }: Connection,
  doubtful: DoubtfulSettlements,
  settlements: readonly Settlement[],
  now: number,
): Promise<readonly SettleAnswer[]> {
  const written = await doubtful.written(settlements);
  const open = settlements.filter((settlement) => !written.has(settlement));
  const answers = await settleInOrder(write, read, schema, open, now);
  const given = answers.values();
  const known: SettleAnswer = { outcome: "settled" };
  return settlements.map((each) => (written.has(each) ? known : (given.next().value ?? known)));
}

/** Of two settlements of one job the second must find what the first did, so it goes into a batch of its own. */
async function settleInOrder(
  write: Query,
  read: Query,
  schema: string,
  settlements: readonly Settlement[],
  now: number,
): Promise<readonly SettleAnswer[]> {
  const seen = new Set<string>();
  const first = settlements.findIndex(({ lease }) => seen.size === seen.add(lease.id).size);
  if (first === -1) return settleAll(write, read, schema, settlements, now);
  const before = await settleAll(write, read, schema, settlements.slice(0, first), now);
  return [...before, ...(await settleInOrder(write, read, schema, settlements.slice(first), now))];
}

async function settleAll(
  write: Query,
  read: Query,
  schema: string,
  settlements: readonly Settlement[],
  now: number,
): Promise<readonly SettleAnswer[]> {
  const byLease = new Map(settlements.map((settlement) => [settlement.lease, settlement]));
  const yields = (lease: Lease) => byLease.get(lease)?.unlessCancelRequested === true;
  const { refused } = await writeFenced(
    read,
    schema,
    // Everybody locks jobs in the order of their ids: a worker and its rescuer may settle the same ones.
    [...byLease.keys()].sort((a, b) => Number(a.id) - Number(b.id)),
    (open) =>
      writeBatches(
        write,
        schema,
        open.map((lease) => byLease.get(lease) as Settlement),
        now,
      ),
    (lease, standing) => standing.cancel !== null && yields(lease),
  );
  return settlements.map(({ lease }) =>
    refused.has(lease) ? refusal(refused.get(lease)) : { outcome: "settled" },
  );
}

function refusal(standing: Standing | undefined): SettleAnswer {
  const request = standing?.cancel ?? null;
  return request === null ? { outcome: "lease-lost" } : { outcome: "cancel-requested", request };
}

/** Three statements at most: for plain successes, for the other jobs that leave `live`, and for those that stay. */
async function writeBatches(
  query: Query,
  schema: string,
  settlements: readonly Settlement[],
  now: number,
): Promise<readonly Lease[]> {
  const plain = settlements.filter((settlement) => plainSuccess(settlement) !== undefined);
  const others = settlements.filter((settlement) => plainSuccess(settlement) === undefined);
  const leaving = others.filter(({ to }) => to !== "available");
  const staying = others.filter(({ to }) => to === "available");
  const written = await complete(query, schema, plain);
  for (const batch of [leaving, staying] satisfies readonly SettleBatch[]) {
    if (batch.length === 0) continue;
    const { sql, params } = settleStatement(schema, batch, now);
    written.push(...(await query<Lease>(sql, params)));
  }
  return written;
}

async function complete(
  query: Query,
  schema: string,
  settlements: readonly Settlement[],
): Promise<Lease[]> {
  if (settlements.length === 0) return [];
  const { call, params } = completeCall(schema, settlements, 0);
  const [row] = await query<{ readonly ids: string | null }>(`SELECT ${call} AS ids`, params);
  const leases = settlements.map(({ lease }) => lease);
  const some = row?.ids ?? null;
  if (some === null) return leases;
  const ids = new Set(some.split(","));
  return leases.filter(({ id }) => ids.has(id));
}

/** Index walked: live's primary key. Rows locked: the one patched. Race: whoever ends the lease, which the fence sees. */
function patchStatement(schema: string): string {
  return `UPDATE ${schema}.live l SET checkpoint = coalesce($4::text::json, checkpoint),
      progress = coalesce($5::text::json, progress), result = coalesce($6::text::json, result)
    FROM unnest($1::bigint[], $2::bigint[], $3::integer[]) AS i(id, owner, run)
    WHERE l.id = i.id AND l.owner = i.owner AND l.run = i.run
    RETURNING ${touchedColumns}`;
}
