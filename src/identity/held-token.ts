import type { AuthContext } from "./auth-context.ts";

/** A token that was handed out. */
export interface HeldToken {
  readonly context: AuthContext;
  /** How long it can be sent, in milliseconds, and until when, by the machine's monotonic clock. */
  readonly goodForMs: number;
  readonly goodUntil: number;
}

/** Holds a token from now on. */
export function holdToken(context: AuthContext, lifeMs: number): HeldToken {
  const goodForMs = Math.max(0, lifeMs - lastMoments(lifeMs));
  return { context, goodForMs, goodUntil: performance.now() + goodForMs };
}

/** True while the token can be sent. A machine that slept notices by its wall clock, one whose wall clock is set by the other. */
export function isGood({ context, goodUntil }: HeldToken): boolean {
  const endsAt = context.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
  return performance.now() < goodUntil && Date.now() < endsAt;
}

/**
 * What is given up of a token's life, so that it does not end on its way. A second at least: a JWT's times are whole seconds, so
 * that it may end as much sooner than its issuer says.
 */
function lastMoments(lifeMs: number): number {
  return Math.min(Math.max(1_000, lifeMs / 20), 2_000);
}
