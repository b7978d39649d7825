/** A pause that can be cut short. */
export interface Nap {
  /** Resolves after `ms`, or when `end` is called. */
  take(ms: number): Promise<void>;
  end(): void;
}

const nothing = (): void => {};

/** A nap nobody is taking. */
export function createNap(): Nap {
  let end = nothing;
  return {
    take(ms) {
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        end = () => {
          end = nothing;
          clearTimeout(timer);
          resolve();
        };
      });
    },
    end: () => end(),
  };
}
