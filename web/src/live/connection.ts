import type { Stream, StreamEvents } from "./stream.ts";
import { ValueStore } from "./value-store.ts";
import { WatchList } from "./watch-list.ts";

/** How changes reach this page; `idle` where nothing is watched, and nothing was. */
export type ConnectionMode = "idle" | "connecting" | "live" | "polling";

export interface ConnectionOptions {
  /** Opens a stream of changes to topics. */
  readonly open: (topics: readonly string[], events: StreamEvents) => Stream;
  /** Reads a topic again. */
  readonly refresh: (topic: string) => void;
  /** Reads everything on the page again. */
  readonly refreshAll: () => void;
}

/** Pages that are built together put their topics in one stream. */
const settleMs = 50;
/** A stream that has said nothing by then does not come through. */
const helloMs = 3_000;
const pollMs = 3_000;
const mostBackoffMs = 30_000;

/**
 * Keeps what is on the page up to date: by a stream while one comes through, else by asking every few seconds, and not
 * at all in a hidden tab.
 */
export class Connection {
  readonly mode = new ValueStore<ConnectionMode>("idle");
  readonly watching = new WatchList(() => this.#reopenSoon());
  readonly #options: ConnectionOptions;
  readonly #versions = new Map<string, string>();
  #stream: Stream | undefined;
  #failures = 0;
  #visible = true;
  #opening: ReturnType<typeof setTimeout> | undefined;
  #helloLate: ReturnType<typeof setTimeout> | undefined;
  #polling: ReturnType<typeof setInterval> | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** A hidden page holds no stream; one that is seen again reads everything anew. */
  setVisible(visible: boolean): void {
    if (visible === this.#visible) return;
    this.#visible = visible;
    if (visible) {
      this.#failures = 0;
      this.#options.refreshAll();
      this.#open();
    } else {
      this.#close();
      this.#stopPolling();
    }
  }

  #reopenSoon(): void {
    clearTimeout(this.#opening);
    this.#opening = setTimeout(() => this.#open(), settleMs);
  }

  #open(): void {
    this.#close();
    const topics = this.watching.topics;
    if (!this.#visible || topics.length === 0) return;
    if (this.mode.get() === "idle") this.mode.set("connecting");
    this.#helloLate = setTimeout(() => this.#failed(), helloMs);
    this.#stream = this.#options.open(topics, {
      hello: () => this.#opened(),
      change: (topic, version) => this.#changed(topic, version),
      failed: () => this.#failed(),
    });
  }

  /** A new stream begins with what every topic is at: often just what this page was told last. */
  #changed(topic: string, version: string): void {
    if (this.#versions.get(topic) === version) return;
    this.#versions.set(topic, version);
    this.#options.refresh(topic);
  }

  #opened(): void {
    clearTimeout(this.#helloLate);
    // What changed while no stream was open was told to nobody.
    if (this.#failures > 0) this.#options.refreshAll();
    this.#failures = 0;
    this.#stopPolling();
    this.mode.set("live");
  }

  #failed(): void {
    this.#close();
    this.#failures++;
    // The server ends streams now and then; one that cannot be had again at once is another matter.
    if (this.mode.get() !== "live" || this.#failures > 1) this.#startPolling();
    const backoff = Math.min(mostBackoffMs, 1_000 * 2 ** (this.#failures - 1));
    this.#opening = setTimeout(() => this.#open(), backoff * (0.75 + Math.random() / 2));
  }

  #startPolling(): void {
    this.mode.set("polling");
    this.#polling ??= setInterval(() => this.#options.refreshAll(), pollMs);
  }

  #stopPolling(): void {
    clearInterval(this.#polling);
    this.#polling = undefined;
  }

  #close(): void {
    clearTimeout(this.#opening);
    clearTimeout(this.#helloLate);
    this.#stream?.close();
    this.#stream = undefined;
  }
}
