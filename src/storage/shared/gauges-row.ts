import type { JobCount, QueueGauges } from "../../core/queue-gauges.ts";
import type { Int64 } from "./job-json.ts";

/** What both drivers read of how a queue stands. */
export interface GaugesRow {
  readonly name: string;
  readonly paused: boolean | number;
  readonly closed_until: Int64;
  readonly concurrency: number | null;
  readonly max_running: number | null;
  readonly due_since: Int64 | null;
}

/** How many of the first jobs past due are looked at; more are there only when nobody promotes. */
export const dueLooked = 200;

/** How the queue stands that a row tells of. */
export function gaugesOf(row: GaugesRow): QueueGauges {
  const { name, concurrency, max_running: maxRunning, due_since: since } = row;
  return {
    name,
    paused: Boolean(row.paused),
    closedUntil: Number(row.closed_until) || null,
    concurrency,
    maxRunning,
    dueSince: since === null ? null : Number(since),
  };
}

/** What both drivers read of jobs counted. */
export interface JobCountRow extends Omit<JobCount, "jobs"> {
  readonly jobs: Int64;
}

/** Adds up counts of the same queue and state. */
export function jobCountsOf(rows: Iterable<JobCountRow>): readonly JobCount[] {
  const counts = new Map<string, JobCount>();
  for (const { queue, state, jobs } of rows) {
    const key = `${state} ${queue}`;
    const before = counts.get(key)?.jobs ?? 0;
    counts.set(key, { queue, state, jobs: before + Number(jobs) });
  }
  return [...counts.values()];
}
