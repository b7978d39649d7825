import { apiUrl, withQuery } from "../api/request.ts";

/** An open stream of changes. */
export interface Stream {
  close(): void;
}

export interface StreamEvents {
  /** The stream comes through. */
  readonly hello: () => void;
  /** The version differs whenever what would be read differs. */
  readonly change: (topic: string, version: string) => void;
  /** It broke, or was refused; nothing more will come. */
  readonly failed: () => void;
}

/** Opens the server's stream of changes to topics. */
export function openStream(topics: readonly string[], events: StreamEvents): Stream {
  const source = new EventSource(apiUrl(withQuery("events", { watch: topics.join() })));
  source.addEventListener("hello", events.hello);
  source.addEventListener("change", ({ data }) => {
    const change = changeOf(String(data));
    if (change !== undefined) events.change(change.topic, change.version);
  });
  source.addEventListener("error", events.failed);
  return source;
}

/** What an event's data says; undefined when it says nothing that is known. */
export function changeOf(
  data: string,
): { readonly topic: string; readonly version: string } | undefined {
  try {
    const event = JSON.parse(data) as {
      readonly topic?: unknown;
      readonly version?: unknown;
    } | null;
    if (typeof event?.topic !== "string") return undefined;
    return { topic: event.topic, version: String(event.version) };
  } catch {
    return undefined;
  }
}
