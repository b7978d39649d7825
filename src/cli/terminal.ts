/** How a process is asked to end: by its supervisor, or by Ctrl-C. */
export type EndSignal = "SIGTERM" | "SIGINT";

/** What a command may touch of the process it runs in. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes to standard output: what was asked for, and nothing else. */
  readonly out: (text: string) => void;
  /** Writes to standard error: remarks, progress and failures. */
  readonly err: (text: string) => void;
  /** Which of them a person is at. */
  readonly isTerminal: { readonly in: boolean; readonly out: boolean; readonly err: boolean };
  /** Standard input; not touched before it is asked for. */
  readonly input: () => AsyncIterable<string>;
  /** Calls back when the process is asked to end; gives the way to stop listening. */
  readonly onSignal: (listener: (signal: EndSignal) => void) => () => void;
  /** Resolves when what was written to standard output has been taken. */
  readonly flushed: () => Promise<void>;
}
