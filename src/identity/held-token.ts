import type { AuthContext } from "./auth-context.ts";

/** A token that was handed out, and how long it is good by two clocks. */
export interface HeldToken {
  readonly context: AuthContext;
  /** Its whole life, in milliseconds. */
  readonly lifeMs: number;
  /** By the machine's monotonic clock. */
  readonly goodUntil: number;
}

/** The most that a token's last moments are given up for, so that it does not end on its way. */
const longestWayMs = 2_000;

/** Holds a token from now on. */
export function holdToken(context: AuthContext, lifeMs: number): HeldToken {
  return { context, lifeMs, goodUntil: performance.now() + lifeMs };
}

/** True while the token can be sent. A machine that slept notices by its wall clock, one whose wall clock is set by the other. */
export function isGood({ context, lifeMs, goodUntil }: HeldToken): boolean {
  const left = Math.min(
    goodUntil - performance.now(),
    (context.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY) - Date.now(),
  );
  return left > Math.min(longestWayMs, lifeMs / 20);
}
