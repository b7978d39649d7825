import type { Gate } from "../../../core/gate.ts";
import type { Session } from "./session.ts";

// A permit is a row of keylock: this job holds that gate. It counts only while its job is in live, so whatever takes a job from
// there, a settlement or a rescue, gives its permits back by that alone.

/**
 * The weight that admitted jobs hold at a gate.
 *
 * Index: the primary key (key, job), then live's once per permit. Locks: none. Cost: two searches per permit of the gate.
 */
export function heldAt(session: Session, gate: string): number {
  return session.get<{ readonly held: number }>(readHeld, gate)?.held ?? 0;
}

const readHeld = `
  SELECT coalesce(sum(weight), 0) AS held FROM holdfast_keylock AS permit
  WHERE key = ? AND EXISTS (SELECT 1 FROM holdfast_live WHERE id = permit.job)`;

/** Admitted jobs that hold a gate, oldest id first. */
export function holdersOf(session: Session, gate: string, limit: number): readonly number[] {
  return session.tuples<readonly [number]>(readHolders, gate, limit).map(([id]) => id);
}

const readHolders = `
  SELECT job FROM holdfast_keylock AS permit
  WHERE key = ? AND EXISTS (SELECT 1 FROM holdfast_live WHERE id = permit.job) ORDER BY job LIMIT ?`;

/** Writes down that a job was let through its gates. */
export function takePermits(session: Session, id: number, gates: readonly Gate[]): void {
  for (const { gate, weight } of gates) session.run(takePermit, gate, id, weight);
}

/** A job that comes back may still have its row of last time. */
const takePermit = "INSERT OR REPLACE INTO holdfast_keylock (key, job, weight) VALUES (?, ?, ?)";

/** Removes the permits of a job whose gates change: once it is let in anew, those of its old ones would count again. */
export function dropPermitsOf(session: Session, id: number): void {
  session.run("DELETE FROM holdfast_keylock WHERE job = ?", id);
}

/** Removes permits that count no more; looks first, because mostly there are none and looking takes no writer. */
export function dropStalePermits(session: Session, gate: string): void {
  if (session.get(anyStale, gate) !== undefined) session.run(removeStale, gate);
}

const stale = "NOT EXISTS (SELECT 1 FROM holdfast_live WHERE id = permit.job)";
const anyStale = `SELECT 1 FROM holdfast_keylock AS permit WHERE key = ? AND ${stale} LIMIT 1`;
const removeStale = `DELETE FROM holdfast_keylock AS permit WHERE key = ? AND ${stale}`;

/**
 * Permits of jobs long gone, at gates that nobody came to since: what pruning removes.
 *
 * Index: the primary key from its front, all of it, and live's once per permit. Locks: none.
 */
export const leftOverPermits = `SELECT key, job FROM holdfast_keylock AS permit WHERE ${stale}`;
