import type { OwnClient } from "./pg-shapes.ts";

/** The marks that tell enqueuers somebody waits: session locks on the connection that listens, which end with it. */
export interface IdleMarks {
  /** Holds the marks of these queues and of no others; true when a connection that hears holds them. */
  hold(queues: readonly string[]): Promise<boolean>;
  /** The connection that hears from now on, which holds none yet; true when another one heard before. */
  moveTo(client: OwnClient | undefined): boolean;
}

/** No marks, on no connection. `schema` is quoted. */
export function createIdleMarks(schema: string): IdleMarks {
  let client: OwnClient | undefined;
  let held: ReadonlySet<string> = new Set();
  let last: Promise<unknown> = Promise.resolve();

  async function change(wanted: ReadonlySet<string>): Promise<boolean> {
    const on = client;
    if (on === undefined) return false;
    const taken = [...wanted].filter((queue) => !held.has(queue));
    const dropped = [...held].filter((queue) => !wanted.has(queue));
    try {
      if (taken.length + dropped.length > 0)
        await on.query(changeStatement(schema), [taken, dropped]);
    } catch {
      // The connection is lost, and the listener replaces it.
      return false;
    }
    if (on !== client) return false;
    held = wanted;
    return true;
  }

  return {
    hold(queues) {
      const done = last.then(() => change(new Set(queues)));
      last = done;
      return done;
    },
    moveTo(next) {
      const heard = client !== undefined;
      client = next;
      held = new Set();
      return heard;
    },
  };
}

/** Locks: a mark at a time, shared with every other worker that waits; an enqueuer that tries it holds it for microseconds. */
function changeStatement(schema: string): string {
  return `SELECT
    (SELECT count(pg_advisory_lock_shared(${schema}.idle_mark(q))) FROM unnest($1::text[]) AS q),
    (SELECT count(pg_advisory_unlock_shared(${schema}.idle_mark(q))) FROM unnest($2::text[]) AS q)`;
}
