import type { Logger } from "../core/logger.ts";
import type { Registration } from "./registration.ts";
import { createEndLatch, type WorkerEnd } from "./worker-end.ts";

/** Where a worker is between its first start and its last stop; `draining` takes no jobs and lets those that run end. */
export type WorkerState = "new" | "running" | "draining" | "stopped";

const words = { before: "new", begun: "running", ending: "draining", over: "stopped" } as const;

/** A worker's time from a start to the stop after it, whoever ends it. */
export interface Term {
  readonly state: WorkerState;
  /** @throws {HoldfastError} `ALREADY_STARTED`, or what opening a session throws. */
  start(): Promise<void>;
  /** Ends it; calls while it ends share one end. */
  stop(): Promise<void>;
  /** Ends it because `by` wants the worker with this registration to drain; nothing when it ends already. */
  drain(workerId: string, by: string | null): void;
  /** Of the term now, or else of the last one. */
  stopped(): Promise<WorkerEnd>;
}

/** The terms of one worker. */
export function createTerm(registration: Registration, logger: Logger): Term {
  let state: "before" | "begun" | "ending" | "over" = "before";
  let latch = createEndLatch();

  async function start(): Promise<void> {
    const before = { state, latch };
    const beginning = registration.begin();
    if (state === "over") latch = createEndLatch();
    if (state === "before" || state === "over") state = "begun";
    try {
      await beginning;
    } catch (error) {
      // One that was begun before goes on; one stopped meanwhile is over.
      if (before.state !== "begun" && state === "begun") ({ state, latch } = before);
      throw error;
    }
  }

  async function end(how: WorkerEnd): Promise<void> {
    const first = state === "begun";
    if (first) state = "ending";
    try {
      await registration.end();
    } finally {
      if (first) {
        state = "over";
        latch.end(how);
      }
    }
  }

  return {
    get state() {
      return words[state];
    },
    start,
    stop: () => end({ drained: false, by: null }),
    drain(workerId, by) {
      if (state !== "begun") return;
      logger.info({ worker: workerId, by }, "asked to drain");
      end({ drained: true, by }).catch((error: unknown) => {
        logger.error({ error }, "the worker has drained, but could not stop in order");
      });
    },
    stopped: () => latch.ended,
  };
}
