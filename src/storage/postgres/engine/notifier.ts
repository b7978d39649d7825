import type { Connection } from "../connection.ts";
import { messageOf } from "../sql-errors.ts";
import { anyDueMark } from "./channel.ts";

/** What one message says: a list that is empty means any, one that is absent means none. */
export interface Hint {
  /** Who sent it. */
  readonly from: string;
  readonly work?: readonly string[];
  readonly cancel?: readonly string[];
  /** Workers have orders to read. */
  readonly orders?: boolean;
  /** A job is due at this moment, in milliseconds since the epoch. */
  readonly due?: number | null;
}

/** What there is to say; a moment that never comes is `Infinity`. */
export interface News {
  readonly queues: readonly string[];
  readonly ids: readonly string[];
  readonly dueAt: number;
  readonly orders?: boolean;
}

/** Sends hints to other processes. */
export interface Notifier {
  /** Resolves when the message that carries this was sent, found nobody waiting, or could not be sent. */
  send(news: Partial<News>): Promise<void>;
}

/** News gathered for one message. */
interface Batch {
  readonly queues: Set<string>;
  readonly ids: Set<string>;
  orders: boolean;
  dueAt: number;
  readonly sent: Promise<void>;
}

/** PostgreSQL refuses a message of 8,000 bytes. */
const maxBytes = 7_900;

/** Sends at most one message at a time; what gathers meanwhile goes into the next: NOTIFY makes commits queue up. */
export function createNotifier(connection: Connection, channel: string, from: string): Notifier {
  /**
   * Locks: the mark of each queue, tried and let go at once; two that try it in the same moment take each other for a
   * worker that waits, which costs a message nobody needed. Sent after the commit it tells of: no commit queues up behind it.
   */
  const wakeWaiting = `SELECT ${connection.schema}.wake($1, $2, $3)`;
  const wakeAll = "SELECT pg_notify($1, $2)";
  let last: Promise<void> = Promise.resolve();
  let gathering: Batch | undefined;

  async function deliver(batch: Batch): Promise<void> {
    try {
      const { dueAt, orders } = batch;
      const news = { queues: [...batch.queues], ids: [...batch.ids], dueAt, orders };
      const message = [channel, compose(from, news)];
      // A cancel request and orders concern workers that do not wait.
      if (news.ids.length > 0 || orders) await connection.idempotent(wakeAll, message);
      else await connection.idempotent(wakeWaiting, [...message, marksOf(news)]);
    } catch (error) {
      connection.logger?.debug(
        { error: messageOf(error) },
        "a wakeup could not be sent; polling finds the work",
      );
    }
  }

  function startBatch(): Batch {
    const sent = last.then(() => {
      gathering = undefined;
      return deliver(batch);
    });
    const batch: Batch = { ...noNews(), sent };
    last = sent;
    return batch;
  }

  return {
    send({ queues = [], ids = [], dueAt = Number.POSITIVE_INFINITY, orders = false }) {
      const batch = (gathering ??= startBatch());
      for (const queue of queues) batch.queues.add(queue);
      for (const id of ids) batch.ids.add(id);
      batch.orders ||= orders;
      batch.dueAt = Math.min(batch.dueAt, dueAt);
      return batch.sent;
    },
  };
}

function noNews(): Omit<Batch, "sent"> {
  return { queues: new Set(), ids: new Set(), orders: false, dueAt: Number.POSITIVE_INFINITY };
}

/** The marks of those whom news of work concerns. */
export function marksOf({ queues, dueAt }: News): readonly string[] {
  return dueAt < Number.POSITIVE_INFINITY ? [...queues, anyDueMark] : queues;
}

/** The hint of a message; `undefined` for what nobody of ours can have sent. */
export function readHint(payload: string): Hint | undefined {
  try {
    const hint = JSON.parse(payload) as Hint | null;
    return typeof hint?.from === "string" ? hint : undefined;
  } catch {
    return undefined;
  }
}

/** The message that says it. */
export function compose(from: string, { queues, ids, dueAt, orders = false }: News): string {
  const due = {
    ...(dueAt < Number.POSITIVE_INFINITY ? { due: dueAt } : {}),
    ...(orders ? { orders } : {}),
  };
  const hint = {
    from,
    ...(queues.length === 0 ? {} : { work: queues }),
    ...(ids.length === 0 ? {} : { cancel: ids }),
    ...due,
  } satisfies Hint;
  const message = JSON.stringify(hint);
  if (Buffer.byteLength(message) <= maxBytes) return message;
  const any = {
    ...(queues.length === 0 ? {} : { work: [] }),
    ...(ids.length === 0 ? {} : { cancel: [] }),
  };
  return JSON.stringify({ from, ...any, ...due } satisfies Hint);
}
