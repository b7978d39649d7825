import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../core/clock.ts";
import { isHoldfastError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { OperateAnswer } from "../storage/contract/operate.ts";
import type { Storage } from "../storage/contract/storage.ts";

/** Jobs of one chunk: few enough that nobody waits long for what it locks. */
const chunk = 100;

type WorkStore = Pick<Storage, "workOperation" | "wake" | "wakeCancelled">;

/** Does the next chunk of an operation, and tells whom it concerns; `undefined` when none is left for this process. */
export async function workOperation(
  storage: WorkStore,
  now: number,
): Promise<OperateAnswer | undefined> {
  const answer = await storage.workOperation(chunk, now);
  if (answer === undefined) return undefined;
  if (answer.queues.length > 0) void storage.wake(answer.queues);
  if (answer.cancelling.length > 0) void storage.wakeCancelled(answer.cancelling);
  return answer;
}

/** Works operations off in the background, for as long as there are any that nobody else is at. */
export interface OperationRunner {
  /** There may be something to do. */
  poke(): void;
  /** Ends after the chunk under way; what is left is for others. */
  stop(): Promise<void>;
}

interface RunnerParts {
  readonly storage: WorkStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

const firstRetryMs = 100;
const mostFailures = 8;

/** A runner with nothing to do, which asks nothing until it is poked. */
export function createOperationRunner({ storage, clock, logger }: RunnerParts): OperationRunner {
  let running: Promise<void> | undefined;
  let poked = false;
  let stopped = false;

  async function run(): Promise<void> {
    for (let failures = 0; poked && !stopped; ) {
      poked = false;
      try {
        while (!stopped && (await workOperation(storage, clock.now())) !== undefined) failures = 0;
      } catch (error) {
        failures += 1;
        const again = isHoldfastError(error) && error.retryable && failures < mostFailures;
        logger[again ? "debug" : "warn"]({ error }, "an operation could not be worked on");
        if (!again) return;
        poked = true;
        await sleep(firstRetryMs * 2 ** (failures - 1));
      }
    }
  }

  function begin(): void {
    running = run().finally(() => {
      running = undefined;
      if (poked && !stopped) begin();
    });
  }

  return {
    poke() {
      poked = true;
      if (running === undefined && !stopped) begin();
    },
    async stop() {
      stopped = true;
      await running;
    },
  };
}
