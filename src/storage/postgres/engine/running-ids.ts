import type { Connection } from "../connection.ts";

/** Running jobs as they were found at the heads of their lines. */
export interface RunningIds {
  readonly ids: readonly string[];
  /** True when some run so far from the head of their line that there may be others behind. */
  readonly atLeast: boolean;
}

/** Fewer are not looked at in a line, however many lines there are. */
const leastOfLine = 500;

/**
 * Finds the jobs that run. The owner is in no index, because claims write it; but claims take the oldest of each line, so that what
 * runs stands before what waits.
 *
 * Index walked: live_ready of every child, from the head of each queue and priority; names of queues as `waiting_queues` does.
 */
export async function findRunning(
  { schema, read }: Pick<Connection, "schema" | "read">,
  searchAtMost: number,
): Promise<RunningIds> {
  const [row] = await read<RunningRow>(statement(schema), [searchAtMost]);
  return { ids: row?.ids ?? [], atLeast: row?.at_least ?? false };
}

interface RunningRow {
  readonly ids: readonly string[] | null;
  readonly at_least: boolean | null;
}

/** A line is looked at far enough when nothing runs in the second half of what was looked at. */
function statement(schema: string): string {
  return `
    WITH line AS MATERIALIZED (
      SELECT known.name, p.priority::smallint AS priority
      FROM (SELECT name FROM ${schema}.queue UNION SELECT ${schema}.waiting_queues()) AS known
        CROSS JOIN generate_series(0, 9) AS p(priority) CROSS JOIN LATERAL (
          SELECT FROM ${schema}.live l WHERE l.queue = known.name AND l.priority = p.priority::smallint
          ORDER BY l.seq LIMIT 1) AS first
    ), share AS MATERIALIZED (
      SELECT greatest(${leastOfLine}, $1::bigint / greatest(1, count(*))) AS of_line FROM line
    ), head AS (
      SELECT job.id, job.owner, row_number() OVER (PARTITION BY line.name, line.priority ORDER BY job.seq) AS place
      FROM line CROSS JOIN LATERAL (
        SELECT l.id, l.owner, l.seq FROM ${schema}.live l WHERE l.queue = line.name AND l.priority = line.priority
        ORDER BY l.seq LIMIT (SELECT of_line FROM share)) AS job
    )
    SELECT array_agg(id::text) AS ids, bool_or(place > (SELECT of_line FROM share) / 2) AS at_least
    FROM head WHERE owner IS NOT NULL`;
}
