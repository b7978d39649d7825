/** Who takes part in a share, and the most they can use of it. */
export interface Sharer {
  readonly id: string;
  readonly most: number;
}

/**
 * Shares a number of places: nobody gets more than they can use, what they leave goes to the others in equal parts, and what does
 * not divide goes to the lowest ids, one each. The same for everybody who works it out.
 */
export function fairShares(total: number, sharers: readonly Sharer[]): ReadonlyMap<string, number> {
  const level = fullLevel(total, sharers);
  const shares = new Map<string, number>();
  let left = total;
  for (const { id, most } of sharers) {
    const share = Math.min(most, level);
    shares.set(id, share);
    left -= share;
  }
  for (const { id, most } of [...sharers].sort(byId)) {
    if (left <= 0 || most <= level) continue;
    shares.set(id, level + 1);
    left -= 1;
  }
  return shares;
}

/** As many as everybody can have who can use them. */
function fullLevel(total: number, sharers: readonly Sharer[]): number {
  let left = total;
  let hungry = sharers.length;
  // Those who can use the least come first: what they leave raises the level for the rest.
  for (const { most } of [...sharers].sort((a, b) => a.most - b.most)) {
    if (most * hungry > left) return Math.floor(left / hungry);
    left -= most;
    hungry -= 1;
  }
  return total;
}

/** Ids are numbers as text. */
function byId(a: Sharer, b: Sharer): number {
  return a.id.length - b.id.length || (a.id < b.id ? -1 : 1);
}

/** What one worker knows of the room in a queue. Times are milliseconds of one monotonic clock. */
export interface RoomSeen {
  /** Since when it has always seen room; `null` when the last look saw none. */
  readonly since: number | null;
  /** Until when it may take more than its part. */
  readonly freeUntil: number;
}

/** Nothing was seen yet. */
export const noRoomSeen: RoomSeen = { since: null, freeUntil: 0 };

/** So long room must have been left over before a worker takes more than its part, and so long it may. */
const spareMs = 1_000;

/** What a worker knows after a look that saw room, or none. */
export function seeRoom(seen: RoomSeen, room: number, now: number): RoomSeen {
  if (room <= 0) return { ...seen, since: null };
  const since = seen.since ?? now;
  const spare = now - since >= spareMs && now >= seen.freeUntil;
  return spare ? { since, freeUntil: now + spareMs } : { ...seen, since };
}
