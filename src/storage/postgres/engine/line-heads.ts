import type { Connection } from "../connection.ts";

/** Running jobs as they were found at the heads of their lines. */
export interface RunningIds {
  readonly ids: readonly string[];
  /** True when some run so far from the head of their line that there may be others behind. */
  readonly atLeast: boolean;
}

/** Fewer are not looked at in a line, however many lines there are. */
const leastOfLine = 100;

/** How many heads are looked at first: few jobs run at once, and where more do the whole budget is spent. */
const firstLook = 5_000;

/** What waits in front of a head is far enough looked at when nothing runs in the second half of it. */
export const mayGoOn = "bool_or(head.place > (SELECT of_line FROM share) / 2)";

/**
 * The common table expressions that end with `head`: the oldest live jobs of each queue and priority, no more than `most` together but
 * at least 100 of each. The owner is in no index, because claims write it; but claims take the oldest of each line, so that what runs
 * stands before what waits. `lines` restricts the names of queues.
 *
 * Index walked: live_ready of every child, from the head of each queue and priority; names of queues as `waiting_queues` does.
 */
export function lineHeads(schema: string, most: string, lines = "TRUE"): string {
  return `line AS MATERIALIZED (
      SELECT known.name, p.priority::smallint AS priority
      FROM (SELECT name FROM ${schema}.queue UNION SELECT ${schema}.waiting_queues()) AS known
        CROSS JOIN generate_series(0, 9) AS p(priority) CROSS JOIN LATERAL (
          SELECT FROM ${schema}.live l WHERE l.queue = known.name AND l.priority = p.priority::smallint
          ORDER BY l.seq LIMIT 1) AS first
      WHERE ${lines}
    ), share AS MATERIALIZED (
      SELECT greatest(${leastOfLine}, ${most}::bigint / greatest(1, count(*))) AS of_line FROM line
    ), head AS (
      SELECT line.name AS queue, job.id, job.name, job.version, job.owner, job.crashes,
        row_number() OVER (PARTITION BY line.name, line.priority ORDER BY job.seq) AS place
      FROM line CROSS JOIN LATERAL (
        SELECT l.id, l.name, l.version, l.owner, l.crashes, l.seq FROM ${schema}.live l
        WHERE l.queue = line.name AND l.priority = line.priority
        ORDER BY l.seq LIMIT (SELECT of_line FROM share)) AS job
    )`;
}

/** Finds the jobs that run. */
export async function findRunning(
  { schema, read }: Pick<Connection, "schema" | "read">,
  searchAtMost: number,
): Promise<RunningIds> {
  return lookFurther(searchAtMost, async (most) => {
    const [row] = await read<RunningRow>(
      `WITH ${lineHeads(schema, "$1")}
      SELECT array_agg(id::text) AS ids, ${mayGoOn} AS at_least FROM head WHERE owner IS NOT NULL`,
      [most],
    );
    return { ids: row?.ids ?? [], atLeast: row?.at_least ?? false };
  });
}

/** Looks at few heads of lines, and at as many as it may where that was not far enough. */
export async function lookFurther<Found extends { readonly atLeast: boolean }>(
  most: number,
  look: (most: number) => Promise<Found>,
): Promise<Found> {
  const found = await look(Math.min(most, firstLook));
  return found.atLeast && most > firstLook ? look(most) : found;
}

interface RunningRow {
  readonly ids: readonly string[] | null;
  readonly at_least: boolean | null;
}
