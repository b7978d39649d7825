/**
 * Reads topics again, each at most once at a time: what is asked for while a reading is under way is done once more
 * after it, because that reading may have begun before the change.
 */
export class Refresher {
  readonly #read: (topic: string) => Promise<unknown>;
  readonly #gapMs: number;
  /** Topics being read, and whether they are to be read again. */
  readonly #running = new Map<string, boolean>();

  /** @param options.gapMs the least time between two readings of a topic, in milliseconds */
  constructor(read: (topic: string) => Promise<unknown>, options: { readonly gapMs: number }) {
    this.#read = read;
    this.#gapMs = options.gapMs;
  }

  refresh(topic: string): void {
    if (this.#running.has(topic)) {
      this.#running.set(topic, true);
      return;
    }
    void this.#run(topic);
  }

  async #run(topic: string): Promise<void> {
    do {
      this.#running.set(topic, false);
      await this.#read(topic).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, this.#gapMs));
    } while (this.#running.get(topic) === true);
    this.#running.delete(topic);
  }
}
