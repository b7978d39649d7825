import type { ChangeEvent, Topic } from "../wire/live.ts";
import { eventIdOf, type KnownVersions } from "./known-versions.ts";

/** What is still to be told to one watcher: of each topic the newest version only, however slowly it reads. */
export interface Outbox {
  /** Notes the version of a topic; one the watcher knows is not told. */
  put(topic: Topic, version: string): void;
  /** Has a sign of life sent, unless something else is. */
  beat(): void;
  /** Lets whoever takes have nothing more. */
  end(): void;
  /** All there is to tell, as text of the stream, as soon as there is anything; `undefined` at the end. */
  take(): Promise<string | undefined>;
}

/** An outbox for a watcher who knows these versions. */
export function createOutbox(resumed: KnownVersions): Outbox {
  const known = new Map(resumed);
  const pending = new Map<Topic, string>();
  let beats = false;
  let ended = false;
  let filled = () => {};

  function text(): string {
    beats = false;
    if (pending.size === 0) return ": beat\n\n";
    const events = [...pending].map(([topic, version]) => {
      known.set(topic, version);
      return `event: change\ndata: ${JSON.stringify({ topic, version } satisfies ChangeEvent)}\n`;
    });
    pending.clear();
    // A watcher cut off before the last of them is told all of them again.
    return `${events.join("\n")}id: ${eventIdOf(known)}\n\n`;
  }

  return {
    put(topic, version) {
      if (known.get(topic) === version) pending.delete(topic);
      else pending.set(topic, version);
      if (pending.size > 0) filled();
    },
    beat() {
      beats = true;
      filled();
    },
    end() {
      ended = true;
      filled();
    },
    async take() {
      while (!ended && !beats && pending.size === 0) {
        await new Promise<void>((resolve) => {
          filled = resolve;
        });
      }
      return ended ? undefined : text();
    },
  };
}
