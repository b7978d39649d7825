import { scopeOfGate } from "../../core/gate.ts";
import type { Job } from "../../core/job.ts";
import type { GateFacts, GateHolder, Surroundings, WorkerLoad } from "../../core/surroundings.ts";
import type { Int64 } from "./job-json.ts";

/** How far back completed jobs say something of the pace of their queue. */
export const recentMs = 300_000;
/** How many of the newest completed jobs are looked at. */
export const recentJobs = 1_000;
/** How far the jobs before one are counted. */
export const aheadCounted = 100_000;
/** Holders of a gate that are named: enough to see what is going on. */
export const holdersNamed = 100;

/** What a database answers about what is around a job. Lists are JSON text. */
export interface SurroundingsRow {
  readonly ahead: Int64;
  readonly recent: Int64;
  readonly since: Int64 | null;
  readonly holders: string | null;
  readonly held: Int64 | null;
  readonly declared: boolean | number;
  readonly concurrent: Int64 | null;
  readonly rate_count: Int64 | null;
  readonly rate_ms: Int64 | null;
  readonly full_at: Int64 | null;
  readonly key_holder: Int64 | null;
  readonly loads: string | null;
}

/** What a row says is around a job. */
export function surroundingsOf(job: Job, row: SurroundingsRow): Surroundings {
  const jobs = Number(row.recent);
  return {
    ahead: Number(row.ahead),
    recent: row.since === null || jobs === 0 ? null : { jobs, since: Number(row.since) },
    gate: job.waitingFor === null ? null : gateOf(job.waitingFor, row),
    keyHolder: row.key_holder === null ? null : String(row.key_holder),
    loads: JSON.parse(row.loads ?? "{}") as Readonly<Record<string, WorkerLoad>>,
  };
}

function gateOf(gate: string, row: SurroundingsRow): GateFacts {
  const lane = scopeOfGate(gate) === undefined;
  const { rate_count: count, rate_ms: perMs, concurrent } = row;
  const holders = JSON.parse(row.holders ?? "[]") as readonly GateHolder[];
  return {
    holders,
    held: Number(row.held ?? 0),
    concurrent: lane ? 1 : concurrent === null ? null : Number(concurrent),
    rate: count === null || perMs === null ? null : { count: Number(count), perMs: Number(perMs) },
    fullAt: row.full_at === null ? null : Number(row.full_at),
    declared: lane || Boolean(row.declared),
  };
}
