import type { Lease } from "../../core/claimed-job.ts";
import type { Cooling } from "../../core/throttle.ts";
import type { NamedValues } from "./engine/handle.ts";
import type { Session } from "./engine/session.ts";

/** The columns a claimed job is read from. */
export const claimedColumns = `id, owner, run, name, version, queue, payload, checkpoint, attempt, crashes, started,
  created_at, run_at, claimed_at, backoff_ms, policy, attempts, tags, gates, trace`;

/** An id as SQLite has it; `null`, which matches nothing, for text that cannot be one. */
export function idOf(text: string): number | null {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
}

/** Ids as a JSON array, for `json_each`. */
export function idList(ids: readonly string[]): string {
  return JSON.stringify(ids.map(idOf));
}

/** The three values that fence a write. */
export function fence(lease: Lease): NamedValues {
  return { id: idOf(lease.id), owner: idOf(lease.owner), run: lease.run };
}

/** How far a queue is up the throttle curve; a queue without a row has never been cooled. */
export function coolingOf(session: Session, queue: string): Cooling {
  const row = session.get<{ readonly level: number; readonly closedUntil: number }>(
    "SELECT throttle_level AS level, closed_until AS closedUntil FROM holdfast_queue WHERE name = ?",
    queue,
  );
  return { level: row?.level ?? 0, closedUntil: row?.closedUntil ?? 0 };
}
