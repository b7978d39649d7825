import { copyStatement, firstGate, moveJob } from "./move-job.ts";
import type { JobKind } from "./runnable.ts";
import type { Session } from "./session.ts";

/**
 * Sends the holders of a gate back to wait that nobody has claimed and nobody can: their queue is paused, cooling or not
 * served. Called only where somebody waits who can run. Running jobs keep what they hold. Gives how many went.
 *
 * Index: the primary keys of keylock and live, as often as there are holders. Locks: the one writer of the file, from the first
 * that goes.
 */
export function parkHolders(
  session: Session,
  gate: string,
  isRunnable: (kind: JobKind) => boolean,
): number {
  let parked = 0;
  for (const kind of session.all<JobKind>(kindsOfUnclaimed, gate)) {
    if (isRunnable(kind)) continue;
    const { queue, name, version } = kind;
    for (const [id] of session.tuples<readonly [number]>(ofKind, gate, queue, name, version)) {
      moveJob(session, park, "live", { id });
      parked += 1;
    }
  }
  return parked;
}

/** Sends the admitted jobs of a queue back to wait that nobody has claimed, a thousand at most; gives the gates they held. */
export function parkQueue(session: Session, queue: string): ReadonlySet<string> {
  const held = session.all<{ readonly key: string; readonly job: number }>(heldInQueue, queue);
  for (const id of new Set(held.map(({ job }) => job))) moveJob(session, park, "live", { id });
  return new Set(held.map(({ key }) => key));
}

const unclaimed = `FROM holdfast_keylock AS permit CROSS JOIN holdfast_live AS live ON live.id = permit.job
  WHERE permit.key = ?1 AND live.owner IS NULL`;
const kindsOfUnclaimed = `SELECT DISTINCT queue, name, version ${unclaimed}`;
const ofKind = `SELECT live.id ${unclaimed} AND queue = ?2 AND name = ?3 AND version = ?4 LIMIT 100`;

/** Index: the primary key of keylock, all of it, then live's once per permit: of a paused queue most jobs have no gates. */
const heldInQueue = `
  SELECT permit.key, permit.job FROM holdfast_keylock AS permit
  CROSS JOIN holdfast_live AS live ON live.id = permit.job
  WHERE live.queue = ? AND live.owner IS NULL LIMIT 1000`;

/**
 * Whoever waits came later than a job admitted before, so it goes ahead of them all; among several, in the order in which they
 * were admitted.
 */
const aheadOfAll = "seq - 1000000000000000";

/** Out of `live`, it holds nothing. */
const park = copyStatement("live", "blocked", { seq: aheadOfAll, gate: firstGate }, "id = $id");
