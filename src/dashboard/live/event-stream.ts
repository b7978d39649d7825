import type { HelloEvent } from "../wire/live.ts";
import { keepAsking } from "./keep-asking.ts";
import type { Outbox } from "./outbox.ts";

/** What a stream of events is made with. */
export interface EventStreamOptions {
  readonly outbox: Outbox;
  readonly hello: HelloEvent;
  /** After so long it ends, and the watcher comes back and is asked again who it is. */
  readonly lifeMs: number;
  /** Aborts when the watcher goes away. */
  readonly signal: AbortSignal;
  /** Whether the watcher still may: asked again and again. */
  readonly mayGoOn: () => Promise<boolean>;
  /** Begins to fill the outbox; the returned function ends that. Called when the stream is first read. */
  readonly begin: (end: () => void) => () => void;
}

/** How long a watcher is to wait before it comes back. */
const retryMs = 1_000;
/** Shorter than the patience of the proxies that people have. */
const beatMs = 15_000;
/** As much as proxies and browsers gather before they pass anything on. */
const padding = " ".repeat(2_048);

/**
 * Server-Sent Events of an outbox. Nothing is made before it is asked for, so a slow reader holds one event of each topic and no
 * more, and a stream nobody reads costs nothing.
 */
export function createEventStream(options: EventStreamOptions): ReadableStream<Uint8Array> {
  const { outbox, hello, signal } = options;
  const encoder = new TextEncoder();
  const greeting = `:${padding}\n\nretry: ${retryMs}\nevent: hello\ndata: ${JSON.stringify(hello)}\n\n`;
  let stop: (() => void) | undefined;

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (stop === undefined) {
          stop = run(options);
          controller.enqueue(encoder.encode(greeting));
          return;
        }
        const text = await outbox.take();
        if (text === undefined) controller.close();
        else controller.enqueue(encoder.encode(text));
      },
      cancel() {
        stop?.();
      },
    },
    { highWaterMark: 0 },
  );

  function run({ begin, lifeMs, mayGoOn }: EventStreamOptions): () => void {
    let leave = () => {};
    const beats = setInterval(() => outbox.beat(), beatMs);
    const life = setTimeout(end, lifeMs);
    for (const timer of [beats, life]) timer.unref();
    const stopAsking = keepAsking(mayGoOn, end);
    function end(): void {
      clearInterval(beats);
      clearTimeout(life);
      stopAsking();
      signal.removeEventListener("abort", end);
      outbox.end();
      leave();
    }
    signal.addEventListener("abort", end);
    leave = begin(end);
    if (signal.aborted) end();
    return end;
  }
}
