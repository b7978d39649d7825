/** Slows down those who guess a password. Who somebody is, whoever asks decides. */
export interface GuessLimit {
  /** Milliseconds until a password of theirs is looked at; 0 when it is now. */
  waitMs(who: string): number;
  /** Notes a wrong one; the same one again tells them nothing, so it does not count. */
  failed(who: string, told: string): void;
  /** Notes the right one: whoever had it is not kept waiting for what others guess. */
  passed(who: string): void;
}

/** One who guesses. */
interface Guesser {
  readonly wrong: number;
  readonly last: string;
  readonly at: number;
}

/** Mistyped ones that cost nothing; after each further one the wait is twice as long. */
const free = 5;
const firstWaitMs = 5_000;
const longestWaitMs = 60_000;
const forgottenAfterMs = 3_600_000;
/** Of all together: so many at once, and one more in each while. */
const together = 100;
const togetherMs = 1_000;
/** Those who are remembered, of either kind. */
const most = 1_000;

/**
 * A limit nobody has met. What it remembers is bounded: when too many guess at once, those it has no place for are let through as
 * rarely as all together may.
 */
export function createGuessLimit(now: () => number = () => performance.now()): GuessLimit {
  const guessers = new Map<string, Guesser>();
  const known = new Set<string>();
  let left = together;
  let leftAt = now();

  function refill(): void {
    const at = now();
    left = Math.min(together, left + (at - leftAt) / togetherMs);
    leftAt = at;
  }

  function current(who: string): Guesser | undefined {
    const guesser = guessers.get(who);
    if (guesser === undefined || now() - guesser.at < forgottenAfterMs) return guesser;
    guessers.delete(who);
    return undefined;
  }

  /** The oldest come first: each is put last again when it fails. */
  function hasPlace(): boolean {
    for (const who of guessers.keys()) if (current(who) !== undefined) break;
    return guessers.size < most;
  }

  return {
    waitMs(who) {
      refill();
      const guesser = current(who);
      const own = guesser === undefined ? 0 : guesser.at + restOf(guesser) - now();
      if (own > 0) return own;
      const isFirst = guesser === undefined && hasPlace();
      return left >= 1 || isFirst || known.has(who) ? 0 : (1 - left) * togetherMs;
    },
    failed(who, told) {
      refill();
      const { wrong, last } = current(who) ?? { wrong: 0, last: undefined };
      if (last === told) return;
      left = Math.max(0, left - 1);
      guessers.delete(who);
      if (hasPlace()) guessers.set(who, { wrong: wrong + 1, last: told, at: now() });
    },
    passed(who) {
      known.delete(who);
      known.add(who);
      const [oldest] = known;
      if (known.size > most && oldest !== undefined) known.delete(oldest);
    },
  };
}

function restOf({ wrong }: Guesser): number {
  return wrong <= free ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** (wrong - free - 1));
}
