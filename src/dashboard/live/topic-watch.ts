import { createRounds } from "./rounds.ts";

/** One reading of one topic for all who watch it. */
export interface TopicWatch {
  /** Calls with the version now, as soon as it is known, and whenever it is another; the returned function ends that. */
  add(hear: (version: string) => void): () => void;
  /** True when nobody watches and the next watcher has a new reading at once. */
  isIdle(): boolean;
}

/** What is watched. */
export interface TopicWatchOptions {
  /** Reads the version there is. */
  readonly read: () => Promise<string>;
  /** The shortest pause between two readings. */
  readonly everyMs: number;
  readonly failed: (error: unknown) => void;
}

/** A topic nobody watches yet. It is read only while somebody does. */
export function createTopicWatch({ read, everyMs, failed }: TopicWatchOptions): TopicWatch {
  const hearers = new Set<(version: string) => void>();
  let version: string | undefined;

  async function look(): Promise<void> {
    const seen = await read();
    if (seen === version) return;
    version = seen;
    for (const hear of hearers) hear(seen);
  }

  const rounds = createRounds({ look, everyMs, failed });
  const isIdle = () => hearers.size === 0 && !rounds.isResting();

  return {
    isIdle,
    add(hear) {
      // It has not been looked at for a while, so it says nothing of now.
      if (isIdle()) version = undefined;
      hearers.add(hear);
      if (version !== undefined) hear(version);
      rounds.start();
      return () => {
        hearers.delete(hear);
        if (hearers.size === 0) rounds.stop();
      };
    },
  };
}
