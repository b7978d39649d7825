import { isHoldfastError } from "../../core/errors.ts";
import type { HelloEvent, Topic } from "../wire/live.ts";
import { createEventStream } from "./event-stream.ts";
import type { KnownVersions } from "./known-versions.ts";
import { createOutbox } from "./outbox.ts";
import { hasPlace, type Places, type Watching } from "./places.ts";
import { createTopicWatch, type TopicWatch } from "./topic-watch.ts";
import { createVersioning } from "./version.ts";

/** All that is watched of one database in this process. */
export interface LiveHub {
  /** A stream of what changes in these topics; `undefined` while there are as many as may be, or as many of this visitor. */
  open(watcher: Watcher): ReadableStream<Uint8Array> | undefined;
  /** Ends every stream. Those opened later begin anew. */
  close(): void;
}

/** Who watches what. */
export interface Watcher extends Watching {
  /** What they know already. */
  readonly known: KnownVersions;
  /** Aborts when they go away. */
  readonly signal: AbortSignal;
  /** Whether they still may. A stream is asked about again and again, and ends when not. */
  readonly mayGoOn: () => Promise<boolean>;
}

/** What a hub is made with. */
export interface LiveHubOptions {
  /** Reads what is shown of a topic. */
  readonly read: (topic: Topic) => Promise<unknown>;
  /** The shortest pause between two readings of a topic; default a second. */
  readonly everyMs?: (topic: Topic) => number;
  readonly places?: Places;
  readonly lifeMs?: number;
}

const shortestPauseMs = 1_000;
const usualPlaces: Places = { streams: 100, ofVisitor: { streams: 20, topics: 40 } };

/** A hub nobody watches; it reads nothing. */
export function createLiveHub({
  read,
  everyMs = () => shortestPauseMs,
  places = usualPlaces,
  lifeMs = 300_000,
}: LiveHubOptions): LiveHub {
  const streams = new Map<() => void, Watching>();
  const close = () => {
    for (const end of streams.keys()) end();
  };
  const isFull = (watching: Watching) => !hasPlace([...streams.values()], watching, places);
  const watchOf = createWatches({ read, everyMs, closed: close });
  const hello: HelloEvent = { everyMs: shortestPauseMs };

  return {
    close,
    open(watcher) {
      const { topics, known, signal, mayGoOn } = watcher;
      if (isFull(watcher)) return undefined;
      const outbox = createOutbox(new Map([...known].filter(([topic]) => topics.includes(topic))));
      const begin = (end: () => void) => {
        // Many may have been opened before the first of them is read.
        if (isFull(watcher)) {
          end();
          return () => {};
        }
        streams.set(end, watcher);
        const leave = topics.map((topic) =>
          watchOf(topic).add((version) => outbox.put(topic, version)),
        );
        return () => {
          streams.delete(end);
          for (const each of leave) each();
        };
      };
      // They do not end all at once, though they may have been opened at once.
      const life = lifeMs * (1 - Math.random() / 4);
      return createEventStream({ outbox, hello, signal, mayGoOn, begin, lifeMs: life });
    },
  };
}

interface WatchesOptions extends Required<Pick<LiveHubOptions, "read" | "everyMs">> {
  /** The client has been closed, so that nothing will ever be read again. */
  readonly closed: () => void;
}

/** The one watch of each topic; those nobody needs any more are forgotten. */
function createWatches({ read, everyMs, closed }: WatchesOptions): (topic: Topic) => TopicWatch {
  const versionOf = createVersioning();
  const watches = new Map<Topic, TopicWatch>();
  return (topic) => {
    const there = watches.get(topic);
    if (there !== undefined) return there;
    for (const [old, watch] of watches) if (watch.isIdle()) watches.delete(old);
    const watch = createTopicWatch({
      read: async () => versionOf(await read(topic)),
      everyMs: everyMs(topic),
      failed: (error) => {
        if (isHoldfastError(error, "CLIENT_CLOSED")) closed();
      },
    });
    watches.set(topic, watch);
    return watch;
  };
}
