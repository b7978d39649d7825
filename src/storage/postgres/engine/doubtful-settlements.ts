import { isDeepStrictEqual } from "node:util";
import type { Settlement } from "../../../core/settlement.ts";
import { idOf } from "../rows.ts";
import type { Query } from "./session.ts";

/** Settlements that were sent while nobody saw the answer. */
export interface DoubtfulSettlements {
  /** Notes that these may or may not have been written. */
  doubt(settlements: readonly Settlement[]): void;
  /** Of these, the doubted ones that turn out to have been written. */
  written(settlements: readonly Settlement[]): Promise<ReadonlySet<Settlement>>;
}

interface Trace {
  readonly id: string;
  readonly owner: string | null;
  readonly run: number;
  readonly attempts: string;
}

/**
 * Keeps a settlement from being called lost because its own first writing closed the fence: what was written is recognised by
 * the run and the list of attempts, which names worker and times and so is nobody else's.
 */
export function createDoubtfulSettlements(read: Query, schema: string): DoubtfulSettlements {
  const doubtful = new WeakSet<Settlement>();
  return {
    doubt(settlements) {
      for (const settlement of settlements) doubtful.add(settlement);
    },
    async written(settlements) {
      const doubted = settlements.filter((settlement) => doubtful.has(settlement));
      if (doubted.length === 0) return new Set();
      const rows = await read<Trace>(
        `SELECT id::text, owner::text, run, attempts::text FROM ${schema}.jobs WHERE id = ANY ($1::bigint[])`,
        [doubted.map(({ lease }) => idOf(lease.id))],
      );
      const byId = new Map(rows.map((row) => [row.id, row]));
      return new Set(doubted.filter((each) => isTraceOf(byId.get(each.lease.id), each)));
    },
  };
}

function isTraceOf(trace: Trace | undefined, { lease, attempts }: Settlement): boolean {
  return (
    trace?.run === lease.run &&
    trace.owner !== lease.owner &&
    isDeepStrictEqual(JSON.parse(trace.attempts), JSON.parse(JSON.stringify(attempts)))
  );
}
