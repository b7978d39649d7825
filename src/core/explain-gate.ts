import type { JobReason } from "./job-reason.ts";
import { scopeOfGate } from "./gate.ts";
import type { Job } from "./job.ts";
import type { Surroundings } from "./surroundings.ts";
import { takeTokens } from "./token-bucket.ts";
import type { WorkerRecord } from "./worker-record.ts";

/** What says how a gate stands. */
export interface GateView {
  readonly around: Surroundings;
  readonly workers: readonly WorkerRecord[];
  readonly now: number;
}

/** What a blocked job waits for at its gate. */
export function atGate(job: Job, { around, workers, now }: GateView): JobReason {
  const gate = job.waitingFor;
  const { gate: facts, ahead } = around;
  const holders = facts?.holders ?? [];
  const heldBy = holders.map(({ job: holder, worker }) => ({
    job: holder,
    worker,
    host: workers.find(({ id }) => id === worker)?.host ?? null,
  }));
  const blocked = {
    kind: "blocked",
    gate,
    holders: holders.map((holder) => holder.job),
    heldBy,
    ahead,
  } as const;
  if (gate === null || facts === null) return blocked;
  const scope = scopeOfGate(gate);
  if (scope !== undefined && !facts.declared) return { kind: "limit-undeclared", scope };
  const weight = job.gates.find((each) => each.gate === gate)?.weight ?? 1;
  const most = facts.concurrent;
  if (most !== null && facts.held + Math.min(weight, most) > most) return blocked;
  if (facts.rate === null) return blocked;
  const taken = takeTokens(facts.fullAt, facts.rate, weight, now);
  if (taken.granted) return blocked;
  return { kind: "rate-limited", gate, until: now + taken.retryAfterMs, ahead };
}
