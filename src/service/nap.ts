/** A pause that can be cut short. */
export interface Nap {
  /** Resolves after `ms`, or when `end` is called. */
  take(ms: number): Promise<void>;
  end(): void;
}

/** A nap nobody is taking. */
export function createNap(): Nap {
  let end = (): void => {};
  return {
    take(ms) {
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        end = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
    end: () => end(),
  };
}
