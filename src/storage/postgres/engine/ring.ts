import { performance } from "node:perf_hooks";
import { isHoldfastError } from "../../../core/errors.ts";
import type { ReclaimAnswer } from "../../contract/maintain.ts";
import type { Connection } from "../connection.ts";
import { jobColumns } from "../rows.ts";

/** Gives the space of the ring's children back, lap after lap. */
export interface Ring {
  reclaim(): Promise<ReclaimAnswer>;
}

/** More jobs than this stay where they are: a backlog is drained, not carried around. */
const mostMoved = 500;

/** The columns only live has, but for the slot. */
const liveColumns = [
  ...jobColumns,
  "gates",
  "seq",
  "owner",
  "claim",
  "claimed_at",
  "started",
  "cancel",
].join(", ");

interface Child {
  readonly slot: number;
  /** The slot that takes the new rows now. */
  readonly current: number;
  /** Neither the current one nor the next. */
  readonly over: boolean;
  readonly deleted: string;
  readonly slot_seconds: number;
}

/**
 * Empties the children of live whose turn is over. The few jobs left in one move to the current child like any other row;
 * TRUNCATE takes what is dead, whatever snapshots are pinned elsewhere. It is an accelerator: a lock that is refused or a
 * right that is missing costs disk only.
 *
 * A child must have been empty, and nothing deleted from it, for half a slot: who began to look before, as a dump does that
 * takes its snapshot and then locks its tables, has the lock by now; who began since sees that nothing is there. What was
 * seen two slots ago and longer is of the lap before, and says nothing of this one: the counter of deletions lags by seconds,
 * and another process may have moved jobs meanwhile.
 */
export function createRing(connection: Connection): Ring {
  const { schema, read, logger } = connection;
  const emptySince = new Map<number, { readonly since: number; readonly deleted: string }>();

  async function countJobs({ slot }: Child): Promise<number> {
    const [row] = await read<{ readonly jobs: number }>(countStatement(schema, slot));
    return row?.jobs ?? 0;
  }

  function isQuiet({ slot, deleted, slot_seconds }: Child): boolean {
    const now = performance.now();
    const known = emptySince.get(slot);
    if (known?.deleted === deleted && now - known.since < slot_seconds * 2_000) {
      return now - known.since >= slot_seconds * 500;
    }
    emptySince.set(slot, { since: now, deleted });
    return false;
  }

  async function tidy(child: Child): Promise<{ readonly moved: number; readonly gone: boolean }> {
    const jobs = await countJobs(child);
    if (jobs > 0) emptySince.delete(child.slot);
    if (jobs > mostMoved) return { moved: 0, gone: false };
    if (jobs > 0) {
      return { moved: await move(connection, child), gone: false };
    }
    if (!isQuiet(child)) return { moved: 0, gone: false };
    try {
      return { moved: 0, gone: await truncate(connection, child.slot) };
    } catch (error) {
      // Somebody works on it, or an application's transaction that enqueued into it is still open.
      if (!isHoldfastError(error, "STORAGE_BUSY")) logger?.debug({ error }, "cannot truncate");
      return { moved: 0, gone: false };
    }
  }

  return {
    async reclaim() {
      const children = await read<Child>(usedChildren(schema));
      let moved = 0;
      let gone = 0;
      for (const child of children.filter(({ over }) => over)) {
        const done = await tidy(child);
        moved += done.moved;
        gone += Number(done.gone);
      }
      return { moved, pending: gone < children.length };
    },
  };
}

/** Reads the sizes of four files. The current child and the next one must stay: new rows go there now or in a moment. */
function usedChildren(schema: string): string {
  return `
    WITH now AS MATERIALIZED (SELECT ${schema}.slot() AS current), child AS (
      SELECT slot, format('%s.live_%s', '${schema}', slot)::regclass AS oid FROM generate_series(0, 3) AS slot
    )
    SELECT slot, current, (slot - current + 4) % 4 >= 2 AS over,
      pg_stat_get_tuples_deleted(oid)::text AS deleted, ${schema}.slot_seconds() AS slot_seconds
    FROM now, child
    WHERE pg_relation_size(oid) > 0
    ORDER BY (slot - current + 4) % 4`;
}

/** Walks the dead rows of one child: once every two seconds, for as long as its jobs end by themselves. */
function countStatement(schema: string, slot: number): string {
  return `SELECT count(*)::integer AS jobs
    FROM (SELECT FROM ${schema}.live_${slot} LIMIT ${mostMoved + 1}) AS found`;
}

/** Moves what is left in a child, and lets the other processes that look after the ring see at once that it was not empty. */
function move({ schema, atomically }: Connection, { slot, current }: Child): Promise<number> {
  return atomically(async (query) => {
    const rows = await query(moveStatement(schema, slot, current));
    await query(countNow);
    return rows.length;
  });
}

/** Statistics are counted with the commit, and not up to ten seconds later; PostgreSQL 14 counts within half a second anyway. */
const countNow = `
  DO $$ BEGIN PERFORM pg_stat_force_next_flush(); EXCEPTION WHEN undefined_function THEN NULL; END $$`;

/**
 * Rows locked: those moved, in order of their ids; locked ones are skipped. Race: whoever wants one by its id finds it gone
 * and asks again; claims skip it, and find it in the next sweep. Cost: one row removed and one written per job, at most 500.
 */
function moveStatement(schema: string, slot: number, current: number): string {
  return `
    WITH picked AS MATERIALIZED (
      SELECT id FROM ${schema}.live_${slot} ORDER BY id LIMIT ${mostMoved} FOR UPDATE SKIP LOCKED
    ), job AS (
      DELETE FROM ${schema}.live_${slot} WHERE id = ANY (ARRAY(SELECT id FROM picked)) RETURNING *
    )
    INSERT INTO ${schema}.live_${current} (${liveColumns}, slot)
    SELECT ${liveColumns}, ${current} FROM job ORDER BY seq RETURNING 1`;
}

/**
 * Locks: the child, exclusively, or nothing: NOWAIT, so that nobody queues up behind this. Race: a late commit into it; the
 * look under the lock begins after the lock is there, and so sees it.
 */
async function truncate({ schema, atomically }: Connection, slot: number): Promise<boolean> {
  const child = `${schema}.live_${slot}`;
  return atomically(async (query) => {
    await query(`LOCK TABLE ${child} IN ACCESS EXCLUSIVE MODE NOWAIT`);
    if ((await query(`SELECT FROM ${child} LIMIT 1`)).length > 0) return false;
    await query(`TRUNCATE ${child}`);
    return true;
  });
}
