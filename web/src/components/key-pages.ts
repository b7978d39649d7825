import { useState } from "react";

/** Where one is in a list whose pages are told apart by keys: each page says the key of the next. */
export interface KeyPages {
  /** The key of the page to show; undefined for the first. */
  readonly after: string | undefined;
  readonly newer: (() => void) | undefined;
  readonly older: (() => void) | undefined;
}

/**
 * Remembers the way through a list of keyed pages.
 * @param next the key that the page shown gave for the one after it
 * @param list what is listed: another list begins at its first page
 */
export function useKeyPages(next: string | null | undefined, list: string): KeyPages {
  const [way, go] = useState<{ readonly list: string; readonly keys: readonly string[] }>({
    list,
    keys: [],
  });
  const keys = way.list === list ? way.keys : [];
  return {
    after: keys.at(-1),
    newer: keys.length === 0 ? undefined : () => go({ list, keys: keys.slice(0, -1) }),
    older:
      next === null || next === undefined ? undefined : () => go({ list, keys: [...keys, next] }),
  };
}
