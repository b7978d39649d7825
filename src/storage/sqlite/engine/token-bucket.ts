import type { Rate } from "../../../core/rate.ts";
import {
  drainTokens,
  recapTokens,
  type TakenTokens,
  takeTokens,
} from "../../../core/token-bucket.ts";
import type { Session } from "./session.ts";

/**
 * Takes tokens from the bucket of a gate, inside a transaction of the one writer; a bucket too empty is left as it is.
 *
 * Index: the primary key. Locks: the one writer of the file. Races: none inside it. Cost: two searches.
 */
export function takeFromBucket(
  session: Session,
  gate: string,
  rate: Rate,
  weight: number,
  now: number,
): TakenTokens {
  const taken = takeTokens(fullAtOf(session, gate), rate, weight, now);
  if (taken.granted) session.run(putBucket, gate, taken.fullAt);
  return taken;
}

/** Empties the bucket of a gate, inside a transaction of the one writer. */
export function drainBucket(
  session: Session,
  gate: string,
  rate: Rate,
  forMs: number | null,
  now: number,
): void {
  session.run(putBucket, gate, drainTokens(fullAtOf(session, gate), rate, forMs, now));
}

/**
 * Makes sure that no bucket of an edited rate takes longer to fill than the new rate says. `gate` is that of uses without a key;
 * those with one begin with it and a colon.
 */
export function recapBuckets(session: Session, gate: string, rate: Rate, now: number): void {
  const buckets = session.all<{ readonly key: string; readonly full_at: number }>(
    "SELECT key, full_at FROM holdfast_bucket WHERE key = ? OR (key >= ? AND key < ?)",
    gate,
    `${gate}:`,
    `${gate};`,
  );
  for (const { key, full_at } of buckets) {
    const capped = recapTokens(full_at, rate, now);
    if (capped < full_at) session.run(putBucket, key, capped);
  }
}

function fullAtOf(session: Session, gate: string): number | null {
  const row = session.get<{ readonly full_at: number }>(
    "SELECT full_at FROM holdfast_bucket WHERE key = ?",
    gate,
  );
  return row?.full_at ?? null;
}

const putBucket = `
  INSERT INTO holdfast_bucket (key, full_at) VALUES (?, ?)
  ON CONFLICT (key) DO UPDATE SET full_at = excluded.full_at`;
