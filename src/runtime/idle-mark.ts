import type { Listening } from "../storage/contract/wakeup.ts";

/** Whether enqueuers know that this worker waits for jobs. */
export interface IdleMark {
  /** Says that it waits; calls back once enqueuers know, unless they knew. */
  take(onTaken: () => void): void;
  /** Says that it no longer waits: it finds work without being told. */
  drop(): void;
  /** Hints may have been missed: nothing is known of the mark. */
  lose(): void;
  /** True while hints can be relied on, so that looking may be rare. */
  relied(): boolean;
}

/** What the mark is made of. */
export interface IdleMarkParts {
  readonly listening: () => Listening | undefined;
  readonly queues: () => readonly string[];
  /** Hints can no longer be relied on: whoever looks rarely should look now. */
  readonly onUnrelied: () => void;
}

/** A mark not taken. */
export function createIdleMark({ listening, queues, onUnrelied }: IdleMarkParts): IdleMark {
  let state: "none" | "taking" | "taken" = "none";
  let relied = false;

  function unrely(): void {
    const before = relied;
    state = "none";
    relied = false;
    if (before) onUnrelied();
  }

  return {
    take(onTaken) {
      const ear = listening();
      if (state !== "none" || ear === undefined) return;
      state = "taking";
      void ear.waitFor(queues()).then((reliable) => {
        if (state !== "taking") return;
        // One that is not reliable is tried again when the next look finds nothing.
        state = reliable ? "taken" : "none";
        relied = reliable;
        if (reliable) onTaken();
      });
    },
    drop() {
      if (state === "none") return;
      unrely();
      void listening()?.waitFor([]);
    },
    lose: unrely,
    relied: () => relied,
  };
}
