import type { Terminal } from "./terminal.ts";

/** Tells on standard error how far long work is. */
export interface Progress {
  /** Says how much is done, of how much where that is known. Cheap: most calls print nothing. */
  update(done: number, total?: number): void;
  /** Takes the last word on a terminal back. */
  end(): void;
}

/** On a terminal one line that changes, elsewhere a line now and then; nothing for what is done in no time. */
export function createProgress(
  label: string,
  { err, isTerminal }: Terminal,
  now: () => number = () => performance.now(),
): Progress {
  const restMs = isTerminal.err ? 100 : 5_000;
  let spokenAt = now();
  let shown = false;
  return {
    update(done, total) {
      if (now() - spokenAt < restMs) return;
      spokenAt = now();
      const text = total === undefined ? `${label} ${done}` : `${label} ${done} of ${total}`;
      err(isTerminal.err ? `\r\u001B[2K${text}` : `${text}\n`);
      shown = isTerminal.err;
    },
    end() {
      if (shown) err("\r\u001B[2K");
      shown = false;
    },
  };
}
