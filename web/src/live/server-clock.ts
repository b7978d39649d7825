import { ValueStore } from "./value-store.ts";

/** The database's clock, as this machine's clock and the difference between them. */
export class ServerClock {
  readonly #second = new ValueStore(0);
  #aheadMs = 0;
  #followers = 0;
  #ticking: ReturnType<typeof setInterval> | undefined;

  /** Told the database's time whenever an answer has it. */
  set(now: number): void {
    this.#aheadMs = now - Date.now();
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.#aheadMs;
  }

  /** The second it is, for those who follow. */
  readonly second = (): number => this.#second.get();

  /** Calls back every second until the function it returns is called: one timer for all who follow. */
  readonly follow = (listener: () => void): (() => void) => {
    const stop = this.#second.subscribe(listener);
    this.#followers++;
    this.#ticking ??= setInterval(() => this.#second.set(Math.floor(this.now() / 1_000)), 1_000);
    return () => {
      stop();
      this.#followers--;
      if (this.#followers > 0) return;
      clearInterval(this.#ticking);
      this.#ticking = undefined;
    };
  };
}
