import { isName, rule } from "../core/check-options.ts";
import type { QueuesClient } from "../core/client.ts";
import type { Clock } from "../core/clock.ts";
import { HoldfastError } from "../core/errors.ts";
import type { Storage } from "../storage/contract/storage.ts";
import type { Gate } from "./gate.ts";

/** `client.queues`. */
export function createQueues(storage: Storage, clock: Clock, gate: Gate): QueuesClient {
  return {
    list: () => gate.pass("client.queues.list", () => storage.listQueues()),
    pause: (name) =>
      gate.pass("client.queues.pause", async () => {
        checkName(name, "client.queues.pause");
        await storage.pauseQueue(name, true, clock.now());
      }),
    resume: (name) =>
      gate.pass("client.queues.resume", async () => {
        checkName(name, "client.queues.resume");
        await storage.pauseQueue(name, false, clock.now());
        await storage.wake([name]);
      }),
  };
}

function checkName(name: unknown, call: string): void {
  if (isName(name)) return;
  throw new HoldfastError("INVALID_OPTION", `${call}: a queue's name must be ${rule.text.is}.`);
}
