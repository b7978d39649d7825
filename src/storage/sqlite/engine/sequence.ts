import type { Session } from "./session.ts";

/** The last numbers drawn before a reserved range. */
export interface DrawnRange {
  readonly id: number;
  readonly seq: number;
}

/** Reserves `count` ids and `count` order numbers; the first of each is one above what is given back. */
export function drawRange(session: Session, ids: number, seqs: number): DrawnRange {
  const row = session.get<DrawnRange>(
    "UPDATE holdfast_sequence SET id = id + ?, seq = seq + ? RETURNING id, seq",
    ids,
    seqs,
  );
  if (row === undefined) throw new Error("holdfast_sequence has lost its row");
  return { id: row.id - ids, seq: row.seq - seqs };
}

/** One order number. */
export function drawSeq(session: Session): number {
  return drawRange(session, 0, 1).seq + 1;
}
