import { addTally, emptyTally, type Tally } from "./tally.ts";

/** What was counted of one queue and name. */
export interface StatTotal {
  readonly queue: string;
  readonly name: string;
  readonly tally: Tally;
}

/** Adds up whatever is of the same queue and name. */
export function totalsOf(parts: Iterable<StatTotal>): readonly StatTotal[] {
  const totals = new Map<string, StatTotal>();
  for (const { queue, name, tally } of parts) {
    const key = `${queue.length} ${queue} ${name}`;
    let total = totals.get(key);
    if (total === undefined) {
      total = { queue, name, tally: emptyTally() };
      totals.set(key, total);
    }
    addTally(total.tally, tally);
  }
  return [...totals.values()];
}
