import type { Topic } from "../wire/live.ts";

/** Who watches what. */
export interface Watching {
  /** By what they are told from others. */
  readonly visitor: string;
  readonly topics: readonly Topic[];
}

/** How many streams there may be at once, and how much of that is for one visitor: streams, and different topics in them. */
export interface Places {
  readonly streams: number;
  readonly ofVisitor: { readonly streams: number; readonly topics: number };
}

/** True when there is a place for one more beside those that are taken. */
export function hasPlace(
  taken: readonly Watching[],
  { visitor, topics }: Watching,
  { streams, ofVisitor }: Places,
): boolean {
  const own = taken.filter((each) => each.visitor === visitor);
  const watched = new Set([...own.flatMap((each) => each.topics), ...topics]);
  return (
    taken.length < streams && own.length < ofVisitor.streams && watched.size <= ofVisitor.topics
  );
}
