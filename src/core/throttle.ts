import { defaults } from "./defaults.ts";

/** How far a queue is up the throttle curve, and until when it is closed. */
export interface Cooling {
  readonly level: number;
  /** Milliseconds since the epoch; 0 when it never was closed. */
  readonly closedUntil: number;
}

/**
 * Where a throttled handler takes its queue: one step of the curve per window however many workers hit it.
 * A queue still closed stays as it is, unless the server asked for longer; two quiet minutes after a window the curve
 * begins anew. The server's own `retryAfterMs` is honoured over the curve.
 */
export function throttle(queue: Cooling, now: number, retryAfterMs: number | null): Cooling {
  const asked = retryAfterMs === null ? 0 : now + retryAfterMs;
  if (queue.closedUntil > now) {
    return { level: queue.level, closedUntil: Math.max(queue.closedUntil, asked) };
  }
  const quiet = now - queue.closedUntil > defaults.throttleForgottenMs;
  const level = quiet ? 1 : queue.level + 1;
  const step = Math.min(defaults.throttleMinMs * 2 ** (level - 1), defaults.throttleMaxMs);
  return { level, closedUntil: retryAfterMs === null ? now + step : asked };
}
