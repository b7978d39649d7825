import { useMemo, useState } from "react";

/** The rows of a table that were selected. */
export interface Selection {
  readonly ids: readonly string[];
  readonly has: (id: string) => boolean;
  readonly toggle: (id: string) => void;
  /** Selects all rows from the one toggled last. */
  readonly toggleTo: (id: string) => void;
  readonly replace: (ids: readonly string[]) => void;
}

interface State {
  readonly ids: ReadonlySet<string>;
  readonly last: string | undefined;
}

/** Keeps a selection among rows. Those that left the page are selected no more. */
export function useSelection(rows: readonly string[]): Selection {
  const [{ ids, last }, change] = useState<State>({ ids: new Set(), last: undefined });
  return useMemo(() => {
    const here = rows.filter((id) => ids.has(id));
    return {
      ids: here,
      has: (id) => ids.has(id),
      toggle: (id) => change({ ids: new Set(toggled(here, id)), last: id }),
      toggleTo: (id) =>
        change({ ids: new Set([...here, ...between(rows, last ?? id, id)]), last: id }),
      replace: (next) => change({ ids: new Set(next), last: undefined }),
    };
  }, [rows, ids, last]);
}

const toggled = (ids: readonly string[], id: string): readonly string[] =>
  ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id];

/** The rows from one to another, in whichever order they stand. */
export function between(rows: readonly string[], from: string, to: string): readonly string[] {
  const ends = [rows.indexOf(from), rows.indexOf(to)].filter((at) => at >= 0);
  return ends.length === 0 ? [] : rows.slice(Math.min(...ends), Math.max(...ends) + 1);
}
