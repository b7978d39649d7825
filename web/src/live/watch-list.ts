/** The topics that components on the page watch: each as long as one of them does. */
export class WatchList {
  readonly #counts = new Map<string, number>();
  readonly #changed: () => void;

  /** @param changed called when a topic joins or leaves */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Watches a topic until the function it returns is called. */
  add(topic: string): () => void {
    const count = this.#counts.get(topic) ?? 0;
    this.#counts.set(topic, count + 1);
    if (count === 0) this.#changed();
    return () => this.#remove(topic);
  }

  get topics(): readonly string[] {
    return [...this.#counts.keys()].sort();
  }

  #remove(topic: string): void {
    const count = this.#counts.get(topic) ?? 0;
    if (count > 1) {
      this.#counts.set(topic, count - 1);
    } else if (this.#counts.delete(topic)) {
      this.#changed();
    }
  }
}
