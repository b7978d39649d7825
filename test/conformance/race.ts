import type { Storage } from "../../src/storage/contract/storage.ts";

/** The calls of a race. */
interface Calls<Setup, One, Two> {
  readonly setUp: (storage: Storage) => Promise<Setup>;
  readonly one: (storage: Storage, setup: Setup) => Promise<One>;
  readonly two: (storage: Storage, setup: Setup) => Promise<Two>;
  /** What must hold whatever the order; `first` says which call had ended before the other began, if one had. */
  readonly check: (outcome: {
    readonly storage: Storage;
    readonly setup: Setup;
    readonly one: One;
    readonly two: Two;
    readonly first: "one" | "two" | undefined;
  }) => Promise<void>;
}

/** How two calls meet: it starts both and gives their answers. */
export type Meeting = <One, Two>(
  one: () => Promise<One>,
  two: () => Promise<Two>,
) => Promise<readonly [One, Two]>;

/** Two calls about the same job, made from two connections, and what must come of them. */
export interface Race {
  readonly title: string;
  play(storage: Storage, other: Storage, meeting: Meeting, first?: "one" | "two"): Promise<void>;
}

/** States a race. */
export function race<Setup, One, Two>(title: string, calls: Calls<Setup, One, Two>): Race {
  return {
    title,
    async play(storage, other, meeting, first) {
      const setup = await calls.setUp(storage);
      const [one, two] = await meeting(
        () => calls.one(storage, setup),
        () => calls.two(other, setup),
      );
      await calls.check({ storage, setup, one, two, first });
    },
  };
}
