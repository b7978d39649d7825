import type { Gate } from "../../../core/gate.ts";
import type { JobKind } from "./runnable.ts";
import type { Session } from "./session.ts";

/** A job at the head of a line. */
export interface WaitingJob extends JobKind {
  readonly id: number;
  readonly seq: number;
  readonly gates: readonly Gate[];
}

/** The jobs that wait at one gate and could run, oldest first. */
export interface WaitingLine {
  /** The oldest; `undefined` when none waits. */
  oldest(): WaitingJob | undefined;
  /** Goes on to the one behind it, once the oldest has left the line. */
  advance(): void;
}

/**
 * Opens the line of a gate. Jobs of kinds that do not run now are passed over without being looked at, however many there are.
 *
 * Index: holdfast_blocked_line, a search per kind of job in the line, then one per job that leaves. Locks: none.
 */
export function openLine(
  session: Session,
  gate: string,
  isRunnable: (kind: JobKind) => boolean,
): WaitingLine {
  const heads = headsOf(session, gate).filter(isRunnable);
  let first = firstOf(heads);
  return {
    oldest: () => heads[first],
    advance() {
      const left = heads[first];
      if (left === undefined) return;
      const next = session.get<HeadRow>(nextOfKind, gate, left.queue, left.name, left.version);
      if (next === undefined) heads.splice(first, 1);
      else heads[first] = waitingOf(next);
      first = firstOf(heads);
    },
  };
}

function firstOf(heads: readonly WaitingJob[]): number {
  let first = 0;
  for (const [index, { seq }] of heads.entries()) {
    if (seq < (heads[first]?.seq ?? seq)) first = index;
  }
  return first;
}

interface HeadRow extends JobKind {
  readonly id: number;
  readonly seq: number;
  readonly gates: string;
}

function waitingOf(row: HeadRow): WaitingJob {
  return { ...row, gates: JSON.parse(row.gates) as Gate[] };
}

function headsOf(session: Session, gate: string): WaitingJob[] {
  const heads: WaitingJob[] = [];
  let kind: JobKind = { queue: "", name: "", version: 0 };
  for (;;) {
    const row = session.get<HeadRow>(headOfNextKind, gate, kind.queue, kind.name, kind.version);
    if (row === undefined) return heads;
    heads.push(waitingOf(row));
    kind = row;
  }
}

const columns = "id, seq, queue, name, version, gates";

const headOfNextKind = `
  SELECT ${columns} FROM holdfast_blocked
  WHERE gate = ?1 AND (queue, name, version) > (?2, ?3, ?4)
  ORDER BY queue, name, version, seq LIMIT 1`;

const nextOfKind = `
  SELECT ${columns} FROM holdfast_blocked
  WHERE gate = ?1 AND queue = ?2 AND name = ?3 AND version = ?4 ORDER BY seq LIMIT 1`;
