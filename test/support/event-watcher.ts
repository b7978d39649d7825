/** One who watches a stream of the dashboard's events. */
export interface EventWatcher {
  readonly status: number;
  readonly headers: Headers;
  /** What came so far. */
  text(): string;
  /** The topics that were said to have changed, in order. */
  changes(): readonly string[];
  /** What a browser would send as `Last-Event-ID`. */
  lastId(): string;
  hasEnded(): boolean;
  /** Goes away. */
  close(): Promise<void>;
}

/** What a watcher sends and how it reads. */
export interface WatcherOptions {
  readonly lastEventId?: string;
  /** True for one that reads nothing until it is closed. */
  readonly idle?: boolean;
}

/** Opens a stream and reads it until it ends or the watcher goes away. */
export async function watchEvents(
  url: string,
  { lastEventId, idle = false }: WatcherOptions = {},
): Promise<EventWatcher> {
  const gone = new AbortController();
  const headers = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
  const response = await fetch(url, { headers, signal: gone.signal });
  let text = "";
  let ended = false;
  async function read(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk as Uint8Array);
  }
  const reading = (idle ? Promise.resolve() : read()).then(
    () => (ended = !idle),
    () => (ended = true),
  );
  return {
    status: response.status,
    headers: response.headers,
    text: () => text,
    changes: () => [...text.matchAll(/"topic":"([^"]+)"/g)].map(([, topic = ""]) => topic),
    lastId: () => [...text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? "",
    hasEnded: () => ended,
    async close() {
      gone.abort();
      await reading;
    },
  };
}
