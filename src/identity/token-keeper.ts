import { isHoldfastError } from "../core/errors.ts";
import { retryDelay } from "../core/backoff.ts";
import { defaultRetryPolicy } from "../core/defaults.ts";
import type { Logger } from "../core/logger.ts";
import type { AuthContext } from "./auth-context.ts";
import { type HeldToken, isGood } from "./held-token.ts";

/** Keeps a token that is good. */
export interface TokenKeeper {
  /**
   * The identity, with a token that can be sent: the one at hand while it is good, else a new one.
   *
   * @throws {HoldfastError} `IDENTITY_UNREACHABLE`, `IDENTITY_REFUSED`.
   */
  current(): Promise<AuthContext>;
  /** Mints no more. */
  stop(): void;
}

/** What a keeper needs. */
export interface TokenKeeperParts {
  mint(signal: AbortSignal): Promise<HeldToken>;
  /** How long an issuer that does not answer is asked again before it is an error. */
  readonly patienceMs: number;
  readonly logger: Logger;
  readonly random: () => number;
}

/** A token is renewed when this part of the time it is good has passed: what is left is for an issuer that is away. */
const renewAfter = 0.8;
/** Timers do not reach further than 24 days. */
const longestRestMs = 86_400_000;
/** An issuer whose tokens hardly live is not asked without a pause. */
const shortestRestMs = 1_000;
/** Patience has been through the short pauses when the background begins with its own. */
const pausesBefore = 4;
const backoff = { ...defaultRetryPolicy, minMs: 250, maxMs: 30_000, factor: 2, jitter: 0.2 };

/** A keeper that has no token yet. Of any number of callers who need one, one asks the issuer. */
export function createTokenKeeper(parts: TokenKeeperParts): TokenKeeper {
  const { logger, random } = parts;
  const ending = new AbortController();
  let held: HeldToken | undefined;
  let minting: Promise<HeldToken> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let outages = 0;

  function renew(): Promise<HeldToken> {
    minting ??= keepOne().finally(() => {
      minting = undefined;
    });
    return minting;
  }

  async function keepOne(): Promise<HeldToken> {
    held = await mintPatiently(parts, ending.signal);
    outages = 0;
    renewIn(held.goodForMs * renewAfter);
    return held;
  }

  function renewIn(ms: number): void {
    clearTimeout(timer);
    if (ending.signal.aborted) return;
    timer = setTimeout(renewAhead, Math.min(Math.max(ms, shortestRestMs), longestRestMs));
    // A service that has nothing else to do has ended.
    timer.unref();
  }

  function renewAhead(): void {
    renew().catch((error: unknown) => {
      if (ending.signal.aborted) return;
      outages += 1;
      if (outages === 1) logger.warn({ error, goodUntil: held?.context.expiresAt }, notRenewed);
      renewIn(retryDelay(backoff, outages + pausesBefore, random()));
    });
  }

  return {
    current: async () => (held !== undefined && isGood(held) ? held : await renew()).context,
    stop() {
      clearTimeout(timer);
      ending.abort();
    },
  };
}

const notRenewed =
  "could not renew the service's token; the one at hand is used until it expires, and the issuer is asked again";

/** Mints, and tries again while an issuer does not answer and there is patience. */
async function mintPatiently(
  { mint, patienceMs, random }: TokenKeeperParts,
  signal: AbortSignal,
): Promise<HeldToken> {
  const until = performance.now() + patienceMs;
  for (let failures = 1; ; failures += 1) {
    try {
      return await mint(signal);
    } catch (error) {
      const pauseMs = retryDelay(backoff, failures, random());
      const isOver = signal.aborted || performance.now() + pauseMs > until;
      if (isOver || !isHoldfastError(error, "IDENTITY_UNREACHABLE")) throw error;
      await pause(pauseMs, signal);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
