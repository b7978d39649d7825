/** Looks again and again while somebody wants it to. */
export interface Rounds {
  /** Looks as soon as the pause after the last look is over, and goes on; it may go on already. */
  start(): void;
  /** Ends after the look under way. */
  stop(): void;
  /** True while a look is under way or its pause lasts: another would come too soon. */
  isResting(): boolean;
}

/** What is looked at. */
export interface RoundsOptions {
  readonly look: () => Promise<void>;
  /** The shortest pause between two looks. */
  readonly everyMs: number;
  /** Told of every look that fails; it is tried again, ever more rarely. */
  readonly failed: (error: unknown) => void;
}

/** A pause is at least five times as long as the look was, so that looking takes a sixth of a connection at most. */
const restFactor = 5;
const longestRetryMs = 15_000;

/** Rounds nobody wants yet. No two looks are ever under way, and no process is kept alive. */
export function createRounds({ look, everyMs, failed }: RoundsOptions): Rounds {
  let wanted = false;
  let looking = false;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  let restsUntil = 0;

  async function round(): Promise<void> {
    timer = undefined;
    looking = true;
    const began = performance.now();
    try {
      await look();
      failures = 0;
    } catch (error) {
      failures += 1;
      failed(error);
    }
    looking = false;
    const ended = performance.now();
    const retryMs = failures === 0 ? 0 : Math.min(everyMs * 2 ** failures, longestRetryMs);
    restsUntil = ended + Math.max(everyMs, restFactor * (ended - began), retryMs);
    goOn();
  }

  function goOn(): void {
    if (!wanted || looking || timer !== undefined) return;
    timer = setTimeout(() => void round(), Math.max(0, restsUntil - performance.now()));
    timer.unref();
  }

  return {
    isResting: () => looking || performance.now() < restsUntil,
    start() {
      wanted = true;
      goOn();
    },
    stop() {
      wanted = false;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
