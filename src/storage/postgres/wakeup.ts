import { randomUUID } from "node:crypto";
import type { Listening, WakeupListener, WakeupStore } from "../contract/wakeup.ts";
import type { Connection } from "./connection.ts";
import { type Announcements, createAnnouncements } from "./engine/announcements.ts";
import { channelOf } from "./engine/channel.ts";
import { type RunningListener, startListener } from "./engine/listener.ts";
import { createWaits, type Wait } from "./engine/waits.ts";
import {
  createNotifier,
  type Hint,
  type News,
  type Notifier,
  readHint,
} from "./engine/notifier.ts";

/** Wakeups, and a way to stop listening when the storage closes. */
export interface PostgresWakeupStore extends WakeupStore {
  readonly announcements: Announcements;
  stopListening(): Promise<void>;
}

/** Hints to other parts of this process directly, to other processes by NOTIFY on a channel of the schema's own. */
export function createWakeupStore(connection: Connection): PostgresWakeupStore {
  const channel = channelOf(connection.schema);
  const self = randomUUID();
  const notifier = createNotifier(connection, channel, self);
  const listeners = new Set<WakeupListener>();
  const waits = createWaits();
  let running: RunningListener | undefined;

  async function stopListening(): Promise<void> {
    listeners.clear();
    const stopped = running;
    running = undefined;
    await stopped?.stop();
  }

  const tellHere = ({ queues, dueAt }: News): void => {
    if (queues.length > 0) tell(listeners, { work: queues });
    if (dueAt < Number.POSITIVE_INFINITY) tell(listeners, { due: dueAt });
  };

  return {
    stopListening,
    announcements: createAnnouncements(connection.schema, channel, self, tellHere),
    ...createWakes(listeners, notifier),
    async listen(listener) {
      connection.assertOpen();
      const own = { ...listener };
      listeners.add(own);
      running ??= listenForAll(connection, channel, self, listeners);
      await running?.tried;
      const mark = async () => (await running?.mark(waits.marks())) ?? false;
      const forget = async () => {
        listeners.delete(own);
        if (listeners.size === 0) await stopListening();
      };
      return listening(waits.add(), mark, forget);
    },
  };
}

/** Each hint goes to this process first, and then to all others. */
function createWakes(
  listeners: ReadonlySet<WakeupListener>,
  notifier: Notifier,
): Omit<WakeupStore, "listen"> {
  return {
    async wake(queues, dueAt) {
      if (queues.length > 0) tell(listeners, { work: queues });
      if (queues.length > 0 || dueAt !== undefined) {
        await notifier.send({ queues, ...(dueAt === undefined ? {} : { dueAt }) });
      }
    },
    async wakeCancelled(ids) {
      if (ids.length === 0) return;
      tell(listeners, { cancel: ids });
      await notifier.send({ ids });
    },
    async wakeOrders() {
      tell(listeners, { orders: true });
      await notifier.send({ orders: true });
    },
  };
}

function listenForAll(
  { newClient, logger, schema }: Connection,
  channel: string,
  self: string,
  listeners: ReadonlySet<WakeupListener>,
): RunningListener | undefined {
  if (newClient === undefined) return undefined;
  return startListener({
    schema,
    channel,
    newClient,
    logger,
    onMessage(payload) {
      const hint = readHint(payload);
      if (hint !== undefined && hint.from !== self) tell(listeners, hint);
    },
    // Whatever was said meanwhile is lost: everybody looks once.
    onGap: () => tell(listeners, { work: [], cancel: [], orders: true }),
  });
}

/** A hint never fails the write it follows: what a listener throws is its own affair. */
function tell(
  listeners: ReadonlySet<WakeupListener>,
  { work, cancel, due, orders }: Omit<Hint, "from">,
): void {
  for (const listener of listeners) {
    try {
      if (work !== undefined) listener.onWork(work);
      if (cancel !== undefined) listener.onCancel(cancel);
      if (typeof due === "number") listener.onDue?.(due);
      if (orders === true) listener.onOrders?.();
    } catch {
      // Losing a hint costs latency, never a job.
    }
  }
}

function listening(
  wait: Wait,
  mark: () => Promise<boolean>,
  forget: () => Promise<void>,
): Listening {
  return {
    waitFor(queues) {
      wait.set(queues);
      return mark();
    },
    async stop() {
      wait.end();
      await mark();
      await forget();
    },
  };
}
