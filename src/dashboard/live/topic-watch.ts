/** One reading of one topic for all who watch it. */
export interface TopicWatch {
  /** Calls with the version now, as soon as it is known, and whenever it is another; the returned function ends that. */
  add(hear: (version: string) => void): () => void;
  /** True when nobody watches and nothing is known that would spare the next watcher a reading. */
  isIdle(): boolean;
}

/** What is watched. */
export interface TopicWatchOptions {
  /** Reads the version there is. */
  readonly read: () => Promise<string>;
  /** The shortest pause between two readings. */
  readonly everyMs: number;
  /** Told of every reading that fails; it is tried again, ever more rarely. */
  readonly failed: (error: unknown) => void;
}

/** A reading rests at least five times as long as it took, so that watching takes a sixth of a connection at most. */
const restFactor = 5;
const longestRetryMs = 15_000;

/** A topic nobody watches yet. It reads while somebody does, and never twice at once. */
export function createTopicWatch({ read, everyMs, failed }: TopicWatchOptions): TopicWatch {
  const hearers = new Set<(version: string) => void>();
  let version: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let reading = false;
  let failures = 0;
  let restsUntil = 0;

  async function look(): Promise<void> {
    reading = true;
    const began = performance.now();
    try {
      tell(await read());
      failures = 0;
    } catch (error) {
      failures += 1;
      failed(error);
    }
    reading = false;
    const ended = performance.now();
    const retryMs = failures === 0 ? 0 : Math.min(everyMs * 2 ** failures, longestRetryMs);
    restsUntil = ended + Math.max(everyMs, restFactor * (ended - began), retryMs);
    goOn();
  }

  function tell(seen: string): void {
    if (seen === version) return;
    version = seen;
    for (const hear of hearers) hear(seen);
  }

  function goOn(): void {
    if (hearers.size === 0 || reading || timer !== undefined) return;
    const later = () => {
      timer = undefined;
      void look();
    };
    timer = setTimeout(later, Math.max(0, restsUntil - performance.now()));
    timer.unref();
  }

  const isIdle = () => hearers.size === 0 && !reading && performance.now() >= restsUntil;

  return {
    isIdle,
    add(hear) {
      // It has not been looked at for a while, so it says nothing of now.
      if (isIdle()) version = undefined;
      hearers.add(hear);
      if (version !== undefined) hear(version);
      goOn();
      return () => {
        hearers.delete(hear);
        if (hearers.size > 0) return;
        clearTimeout(timer);
        timer = undefined;
      };
    },
  };
}
