import { checkOptions, isName, isWhole, rule } from "../core/check-options.ts";
import type { Clock } from "../core/clock.ts";
import { HoldfastError } from "../core/errors.ts";
import { withServers } from "../core/queue.ts";
import { readQueueChange } from "../core/queue-change.ts";
import type {
  OperatorOptions,
  QueueChange,
  QueueCountOptions,
  QueuesClient,
} from "../core/queues-client.ts";
import type { Storage } from "../storage/contract/storage.ts";
import type { Auditor } from "./audit.ts";
import type { Gate } from "./gate.ts";

/** What queues are steered with. */
export interface QueuesParts {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly gate: Gate;
  readonly audit: Auditor;
}

const countRules = {
  countAtMost: {
    is: "a whole number from 1 to 1000000",
    test: (value: unknown) => isWhole(value, 1, 1_000_000),
  },
} as const;

/** `client.queues`. */
export function createQueues({ storage, clock, gate, audit }: QueuesParts): QueuesClient {
  const pause = (
    call: string,
    name: string,
    options: OperatorOptions | undefined,
    paused: boolean,
  ) =>
    gate.pass(call, async () => {
      checkQueueName(call, name);
      checkOptions(call, options ?? {}, { by: rule.text });
      await storage.pauseQueue(name, paused, clock.now(), options?.by ?? null);
      const action = paused ? "queues.pause" : "queues.resume";
      await audit({ by: options?.by, action, target: `queue:${name}` });
    });

  return {
    list: (options = {}) =>
      gate.pass("client.queues.list", async () => {
        checkOptions("client.queues.list", options, countRules);
        return listQueues(storage, options);
      }),
    get: (name, options = {}) =>
      gate.pass("client.queues.get", async () => {
        checkQueueName("client.queues.get", name);
        checkOptions("client.queues.get", options, countRules);
        return (await listQueues(storage, options, name))[0];
      }),
    update: (name, to) =>
      gate.pass("client.queues.update", async () => {
        await updateQueue(storage, "client.queues.update", { name, to, now: clock.now() });
        const { by, ...details } = to;
        await audit({ by, action: "queues.update", target: `queue:${name}`, details });
      }),
    pause: (name, options) => pause("client.queues.pause", name, options, true),
    async resume(name, options) {
      await pause("client.queues.resume", name, options, false);
      await storage.wake([name]);
    },
  };
}

/** Queues with the workers that serve them: all, or the one of a name. */
export async function listQueues(
  storage: Pick<Storage, "listQueues" | "countQueues" | "listWorkers">,
  { countAtMost }: QueueCountOptions = {},
  name?: string,
): ReturnType<QueuesClient["list"]> {
  const [queues, workers] = await Promise.all([
    countAtMost === undefined ? storage.listQueues(name) : storage.countQueues(countAtMost, name),
    storage.listWorkers(),
  ]);
  return withServers(queues, workers);
}

/** A change of a queue, and when it is made. */
export interface QueueUpdate {
  readonly name: string;
  readonly to: QueueChange;
  readonly now: number;
}

/**
 * Changes a queue and tells running workers; `call` is what the caller calls it.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export async function updateQueue(
  storage: Pick<Storage, "updateQueue" | "wake" | "wakeOrders">,
  call: string,
  { name, to, now }: QueueUpdate,
): Promise<void> {
  checkQueueName(call, name);
  await storage.updateQueue(name, readQueueChange(call, to), { now, by: to.by ?? null });
  await storage.wakeOrders();
  await storage.wake([name]);
}

/** @throws {HoldfastError} `INVALID_OPTION` for what cannot name a queue. */
function checkQueueName(call: string, name: unknown): void {
  if (isName(name)) return;
  throw new HoldfastError("INVALID_OPTION", `${call}: a queue's name must be ${rule.text.is}.`);
}
