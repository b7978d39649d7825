import { anyDueMark } from "./channel.ts";

/** What one listener waits for. */
export interface Wait {
  set(queues: readonly string[]): void;
  end(): void;
}

/** What the listeners of this process wait for, each by itself. */
export interface Waits {
  add(): Wait;
  /** The marks to hold for all of them. */
  marks(): readonly string[];
}

/** Nobody waits yet. */
export function createWaits(): Waits {
  const waits = new Set<{ queues: readonly string[] }>();
  return {
    add() {
      const wait: { queues: readonly string[] } = { queues: [] };
      waits.add(wait);
      return {
        set(queues) {
          wait.queues = queues;
        },
        end: () => void waits.delete(wait),
      };
    },
    marks() {
      const queues = new Set([...waits].flatMap((wait) => wait.queues));
      return queues.size === 0 ? [] : [...queues, anyDueMark];
    },
  };
}
