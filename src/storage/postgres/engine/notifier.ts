import type { Connection } from "../connection.ts";
import { messageOf } from "../sql-errors.ts";

/** What one message says: a list that is empty means any, one that is absent means none. */
export interface Hint {
  /** Who sent it. */
  readonly from: string;
  readonly work?: readonly string[];
  readonly cancel?: readonly string[];
}

/** Sends hints to other processes. */
export interface Notifier {
  /** Resolves when the message that carries these was sent, or could not be. */
  send(queues: readonly string[], ids: readonly string[]): Promise<void>;
}

interface Batch {
  readonly queues: Set<string>;
  readonly ids: Set<string>;
  readonly sent: Promise<void>;
}

/** PostgreSQL refuses a message of 8,000 bytes. */
const maxBytes = 7_900;

/** Sends at most one message at a time; what gathers meanwhile goes into the next: NOTIFY makes commits queue up. */
export function createNotifier(connection: Connection, channel: string, from: string): Notifier {
  let last: Promise<void> = Promise.resolve();
  let gathering: Batch | undefined;

  async function deliver(queues: ReadonlySet<string>, ids: ReadonlySet<string>): Promise<void> {
    try {
      await connection.idempotent("SELECT pg_notify($1, $2)", [
        channel,
        compose(from, queues, ids),
      ]);
    } catch (error) {
      connection.logger?.debug(
        { error: messageOf(error) },
        "a wakeup could not be sent; polling finds the work",
      );
    }
  }

  function startBatch(): Batch {
    const queues = new Set<string>();
    const ids = new Set<string>();
    const sent = last.then(() => {
      gathering = undefined;
      return deliver(queues, ids);
    });
    last = sent;
    return { queues, ids, sent };
  }

  return {
    send(queues, ids) {
      gathering ??= startBatch();
      for (const queue of queues) gathering.queues.add(queue);
      for (const id of ids) gathering.ids.add(id);
      return gathering.sent;
    },
  };
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

function compose(from: string, queues: ReadonlySet<string>, ids: ReadonlySet<string>): string {
  const hint = {
    from,
    ...(queues.size === 0 ? {} : { work: [...queues] }),
    ...(ids.size === 0 ? {} : { cancel: [...ids] }),
  } satisfies Hint;
  const message = JSON.stringify(hint);
  if (Buffer.byteLength(message) <= maxBytes) return message;
  const any = {
    ...(queues.size === 0 ? {} : { work: [] }),
    ...(ids.size === 0 ? {} : { cancel: [] }),
  };
  return JSON.stringify({ from, ...any } satisfies Hint);
}
