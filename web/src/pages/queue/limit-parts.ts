import type { QueueAnswer } from "../../../../src/dashboard/wire/queues.ts";

/** What an effective limit is made of. */
export interface LimitParts {
  /** How many workers take jobs of the queue. */
  readonly workers: number;
  /** The places that each of them has; undefined when they differ. */
  readonly each: number | undefined;
  /** What would have to be raised for more jobs to run at once. */
  readonly bound: "nobody" | "workers" | "maxRunning";
}

/** Takes an effective limit apart. */
export function limitParts({ queue, workers, limit }: LimitAnswer): LimitParts {
  const serving = workers.filter(({ id }) => queue.servedBy.includes(id));
  const kinds = new Set(serving.map(({ places }) => places ?? 0));
  const { places, maxRunning } = limit;
  const bound = maxRunning !== null && maxRunning < places ? "maxRunning" : "workers";
  return {
    workers: serving.length,
    each: kinds.size === 1 ? [...kinds][0] : undefined,
    bound: places === 0 ? "nobody" : bound,
  };
}

type LimitAnswer = Pick<QueueAnswer, "workers" | "limit"> & {
  readonly queue: Pick<QueueAnswer["queue"], "servedBy">;
};
