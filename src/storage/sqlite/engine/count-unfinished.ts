import type { JobCount } from "../../../core/queue-gauges.ts";
import { type JobCountRow, jobCountsOf } from "../../shared/gauges-row.ts";
import type { Connection } from "../connection.ts";
import type { SqlValue } from "./handle.ts";

/** Counting so many rows takes a few milliseconds, in which nothing else of the process runs. */
const piece = 4_000;

/** Counts what has not finished, piece by piece, so that the main loop turns in between. */
export async function countUnfinished(
  connection: Pick<Connection, "read">,
): Promise<readonly JobCount[]> {
  const rows = [
    ...(await connection.read((session) => session.all<JobCountRow>(running))),
    ...(await walk(connection, available, ["", 0, 0])),
    ...(await walk(connection, blocked, ["", 0])),
    ...(await walk(connection, later, [0])),
  ];
  return jobCountsOf(rows);
}

/** A piece's counts; the last row's place, as JSON, is where the next piece begins. */
type PieceRow = JobCountRow & { readonly place: string };

async function walk(
  { read }: Pick<Connection, "read">,
  statement: string,
  from: readonly SqlValue[],
): Promise<readonly JobCountRow[]> {
  const counted: PieceRow[] = [];
  for (let after = from; ; ) {
    const place = after;
    const rows = await read((session) => session.all<PieceRow>(statement, ...place, piece));
    counted.push(...rows);
    const jobs = rows.reduce((sum, row) => sum + Number(row.jobs), 0);
    const last = rows.at(-1);
    if (last === undefined || jobs < piece) return counted;
    after = JSON.parse(last.place) as readonly SqlValue[];
  }
}

/** Index: holdfast_live_running whole, which holds no more than workers have places. Locks: none. */
const running = `
  SELECT queue, 'running' AS state, count(*) AS jobs FROM holdfast_live INDEXED BY holdfast_live_running
  WHERE owner IS NOT NULL GROUP BY queue`;

/** Index: holdfast_live_ready alone, from a place on. Locks: none. */
const available = `
  SELECT queue, 'available' AS state, count(*) AS jobs, json_array(queue, priority, max(seq)) AS place
  FROM (SELECT queue, priority, seq FROM holdfast_live
    WHERE owner IS NULL AND (queue, priority, seq) > (?, ?, ?) ORDER BY queue, priority, seq LIMIT ?)
  GROUP BY queue, priority ORDER BY queue, priority`;

/** Index: holdfast_blocked_queue alone, from a place on. Locks: none. */
const blocked = `
  SELECT queue, 'blocked' AS state, count(*) AS jobs, json_array(queue, max(id)) AS place
  FROM (SELECT queue, id FROM holdfast_blocked WHERE (queue, id) > (?, ?) ORDER BY queue, id LIMIT ?)
  GROUP BY queue ORDER BY queue`;

/** Index: the primary key, from a place on. Locks: none. */
const later = `
  SELECT queue, iif(retrying, 'retryable', 'scheduled') AS state, count(*) AS jobs, json_array(max(max(id)) OVER ()) AS place
  FROM (SELECT id, queue, retrying FROM holdfast_later WHERE id > ? ORDER BY id LIMIT ?)
  GROUP BY queue, retrying`;
