import type { BatchHandler } from "../core/batch.ts";
import type { Route } from "../core/router.ts";
import type { Expected, Slots, WantedPlace } from "./slots.ts";
import type { Starter } from "./start-jobs.ts";

/** What a line's next place depends on. */
export interface BatchPlaceParts {
  readonly slots: Slots;
  /** The queue of a definition that names none. */
  readonly route: Route;
  readonly starter: Pick<Starter, "stalled">;
  /** What else is about to take places. */
  readonly expected: () => Expected;
}

/** The place a line's next batch is to take. */
export interface BatchPlace {
  /**
   * Wants it, for a batch of this queue, and gives the queues that have room for one; none while there is no place, or this queue is
   * full. Without a queue it is the definition's own.
   */
  openQueues(queue?: string): readonly string[];
  /** Wants it no more. */
  giveUp(): void;
}

/** A place not yet wanted. */
export function createBatchPlace(
  { definition }: BatchHandler<never>,
  { slots, route, starter, expected }: BatchPlaceParts,
): BatchPlace {
  const own = definition.queue ?? route(definition.name);
  let wanted: WantedPlace | undefined;

  function giveUp(): void {
    wanted?.free();
    wanted = undefined;
  }

  return {
    giveUp,
    openQueues(queue = own) {
      if (wanted !== undefined && wanted.queue !== queue) giveUp();
      wanted ??= slots.want(queue);
      const { limit, queues } = wanted.room(expected());
      if (limit < 1 || starter.stalled()) return [];
      const open = queues.map((each) => each.queue);
      return slots.serves(queue) && !open.includes(queue) ? [] : open;
    },
  };
}
