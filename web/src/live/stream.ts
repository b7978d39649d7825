import { apiUrl, withQuery } from "../api/request.ts";

/** An open stream of changes. */
export interface Stream {
  close(): void;
}

export interface StreamEvents {
  /** The stream comes through. */
  readonly hello: () => void;
  readonly change: (topic: string) => void;
  /** It broke, or was refused; nothing more will come. */
  readonly failed: () => void;
}

/** Opens the server's stream of changes to topics. */
export function openStream(topics: readonly string[], events: StreamEvents): Stream {
  const source = new EventSource(apiUrl(withQuery("events", { watch: topics.join() })));
  source.addEventListener("hello", events.hello);
  source.addEventListener("change", ({ data }) => {
    const topic = topicOf(String(data));
    if (topic !== undefined) events.change(topic);
  });
  source.addEventListener("error", events.failed);
  return source;
}

/** The topic an event's data names; undefined when it names none. */
export function topicOf(data: string): string | undefined {
  try {
    const event = JSON.parse(data) as { readonly topic?: unknown } | null;
    return typeof event?.topic === "string" ? event.topic : undefined;
  } catch {
    return undefined;
  }
}
