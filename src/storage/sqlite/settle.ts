import type { Lease } from "../../core/claimed-job.ts";
import type { SettleStore } from "../contract/settle.ts";
import { parseCancel } from "../shared/job-json.ts";
import type { Connection } from "./connection.ts";
import { settleAll } from "./engine/write-settlements.ts";
import { fence, idList } from "./rows.ts";
import { translated } from "./sql-errors.ts";
import type { Transactions } from "./transact.ts";

/** Writes how attempts ended. */
export function createSettleStore(connection: Connection, transactions: Transactions): SettleStore {
  return {
    async settleJobs(settlements, now, tx) {
      if (tx === undefined)
        return connection.write((session) => settleAll(session, settlements, now));
      const session = transactions.sessionOf(tx);
      return translated(() => settleAll(session, settlements, now));
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
