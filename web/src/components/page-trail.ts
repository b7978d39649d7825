import { useState } from "react";

/** The way through a list whose pages are told apart by keys: each page says the key of the next. */
export interface PageTrail {
  /** The key of the page to show; undefined for the first. */
  readonly after: string | undefined;
  readonly isFirst: boolean;
  readonly back: () => void;
  readonly goOn: (next: string) => void;
}

/** Begins at the first page. */
export function usePageTrail(): PageTrail {
  const [keys, setKeys] = useState<readonly string[]>([]);
  return {
    after: keys.at(-1),
    isFirst: keys.length === 0,
    back: () => setKeys(keys.slice(0, -1)),
    goOn: (next) => setKeys([...keys, next]),
  };
}
