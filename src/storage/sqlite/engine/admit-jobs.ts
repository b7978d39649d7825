import type { AdmitAnswer } from "../../contract/admit.ts";
import { createGatekeeper, type Gatekeeper, type Refusal } from "./gatekeeper.ts";
import { copyStatement, moveJob } from "./move-job.ts";
import { parkHolders } from "./park-jobs.ts";
import { dropStalePermits } from "./permits.ts";
import { createRunnable, type JobKind } from "./runnable.ts";
import { drawSeq } from "./sequence.ts";
import type { Session } from "./session.ts";
import { openLine, type WaitingJob, type WaitingLine } from "./waiting-line.ts";

/** The most jobs one transaction admits or sends to another line. */
export const mostAtOnce = 100;

/** Admissions inside one transaction, gate after gate. */
export interface Admission {
  /** Admits the oldest jobs of a gate's line while it has room; false when there was more to do than it may. */
  admitAt(gate: string): boolean;
  /** What was done so far. */
  answer(more: boolean): AdmitAnswer;
}

/** Begins admissions, of `limit` jobs at most. */
export function beginAdmission(session: Session, now: number, limit = mostAtOnce): Admission {
  const isRunnable = createRunnable(session, now);
  const keeper = createGatekeeper(session, now);
  const queues = new Set<string>();
  const undeclared = new Set<string>();
  let rows = 0;
  let moved = 0;
  let nextAt: number | null = null;

  function note(refusal: Refusal): void {
    if (refusal.why === "undeclared") undeclared.add(refusal.scope);
    if (refusal.why === "rate") nextAt = Math.min(nextAt ?? refusal.until, refusal.until);
  }

  function admitOldest(line: WaitingLine, job: WaitingJob): void {
    const elsewhere = refusedElsewhere(keeper, job);
    if (elsewhere === undefined) {
      moveJob(session, toLive, "blocked", { id: job.id, seq: drawSeq(session) });
      keeper.admit(job.id, job.gates);
      queues.add(job.queue);
      rows += 1;
    } else {
      session.run(changeLine, elsewhere.gate, job.id);
      note(elsewhere.refusal);
      moved += 1;
    }
    line.advance();
  }

  return {
    admitAt(gate) {
      dropStalePermits(session, gate);
      const line = openLine(session, gate, isRunnable);
      for (let job = line.oldest(); job !== undefined; job = line.oldest()) {
        const refusal = refusalAt(session, { gate, job, keeper, isRunnable });
        if (refusal !== undefined) {
          note(refusal);
          return true;
        }
        if (rows + moved >= limit) return false;
        admitOldest(line, job);
      }
      return true;
    },
    answer: (more) => ({ rows, more, queues: [...queues], nextAt, undeclared: [...undeclared] }),
  };
}

/** What the question at a gate is about. */
interface AtGate {
  readonly gate: string;
  readonly job: WaitingJob;
  readonly keeper: Gatekeeper;
  readonly isRunnable: (kind: JobKind) => boolean;
}

/** Why the oldest cannot pass the gate it waits at; holders that cannot run make room for it. */
function refusalAt(
  session: Session,
  { gate, job, keeper, isRunnable }: AtGate,
): Refusal | undefined {
  const own = job.gates.find((each) => each.gate === gate);
  if (own === undefined) return undefined;
  const refusal = keeper.refusal(own);
  if (refusal?.why !== "full" || parkHolders(session, gate, isRunnable) === 0) return refusal;
  return keeper.refusal(own);
}

/** The first other gate of a job that has no room for it. */
function refusedElsewhere(
  keeper: Gatekeeper,
  { gates }: WaitingJob,
): { readonly gate: string; readonly refusal: Refusal } | undefined {
  for (const each of gates) {
    const refusal = keeper.refusal(each);
    if (refusal !== undefined) return { gate: each.gate, refusal };
  }
  return undefined;
}

/**
 * Index: the primary keys. Locks: the one writer of the file. Races: none inside it. Cost: one row copied and one removed, and
 * a permit written per gate.
 */
const toLive = copyStatement("blocked", "live", { seq: "$seq" }, "id = $id");

/** It keeps its order number, and with it its place among those who wait there. */
const changeLine = "UPDATE holdfast_blocked SET gate = ? WHERE id = ?";

/** Admits at gates, the oldest of each first; `more` when it stopped at the most it may do. */
export function admitAtGates(session: Session, gates: Iterable<string>, now: number): AdmitAnswer {
  const admission = beginAdmission(session, now);
  for (const gate of gates) {
    if (!admission.admitAt(gate)) return admission.answer(true);
  }
  return admission.answer(false);
}
