import type { AdmitPass, AdmitStore } from "../contract/admit.ts";
import type { Connection } from "./connection.ts";
import { admitAtGates, beginAdmission } from "./engine/admit-jobs.ts";
import { holdersOf } from "./engine/permits.ts";
import type { Session } from "./engine/session.ts";

const nothing = { rows: 0, more: false, queues: [], nextAt: null, undeclared: [] } as const;

/** Lets waiting jobs through their gates. Where nobody can pass, it reads and does not take the writer. */
export function createAdmitStore(connection: Connection): AdmitStore {
  /** The last gate the pass looked at, where its next batch goes on. */
  let passed = "";
  return {
    admitJobs: (gates, now) =>
      gates.length === 0
        ? Promise.resolve(nothing)
        : connection.writeIfNeeded((session) => admitAtGates(session, new Set(gates), now)),
    async admitWaiting(limit, now) {
      if (!(await connection.read(anyWaiting)))
        return { ...nothing, waiting: false, partial: false };
      const from = passed;
      const batch = await connection.writeIfNeeded((session) => pass(session, from, limit, now));
      passed = batch.passed;
      return batch.answer;
    },
    async listHolders(gate, limit) {
      const ids = await connection.read((session) => holdersOf(session, gate, limit));
      return ids.map(String);
    },
  };
}

interface Batch {
  readonly answer: AdmitPass;
  /** The last gate done with; empty when the round is over and the next begins at the front. */
  readonly passed: string;
}

/** Goes through `limit` gates that have a line, from behind the one given. */
function pass(session: Session, from: string, limit: number, now: number): Batch {
  const admission = beginAdmission(session, now, limit);
  let gate = nextGate(session, from);
  let passed = from;
  for (let looked = 0; gate !== undefined && looked < limit; looked += 1) {
    if (!admission.admitAt(gate)) break;
    passed = gate;
    gate = nextGate(session, passed);
  }
  const waiting = anyWaiting(session);
  const partial = gate !== undefined;
  const answer = { ...admission.answer(partial), waiting, partial };
  return { answer, passed: partial ? passed : "" };
}

function anyWaiting(session: Session): boolean {
  return session.get("SELECT 1 FROM holdfast_blocked LIMIT 1") !== undefined;
}

/** Index: holdfast_blocked_line, one search per gate, however long its line. Locks: none. */
const readNextGate = "SELECT gate FROM holdfast_blocked WHERE gate > ? ORDER BY gate LIMIT 1";

function nextGate(session: Session, after: string): string | undefined {
  return session.get<{ readonly gate: string }>(readNextGate, after)?.gate;
}
