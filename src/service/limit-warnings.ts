import type { Logger } from "../core/logger.ts";

/** What an application is told about its limits. */
export interface LimitWarnings {
  /** Something waits for a limit nobody declared; said once a minute for each. */
  undeclared(scope: string): void;
}

const everyMs = 60_000;

/** As many as anyone has limits; bounds what names made of payloads can pile up. */
const remembered = 1_000;

/** Warnings not said yet. */
export function createLimitWarnings(logger: Logger): LimitWarnings {
  const saidAt = new Map<string, number>();
  return {
    undeclared(scope) {
      const now = performance.now();
      const last = saidAt.get(scope);
      if (last !== undefined && now - last < everyMs) return;
      if (saidAt.size >= remembered) saidAt.clear();
      saidAt.set(scope, now);
      logger.warn(
        { code: "LIMIT_UNDECLARED", scope },
        "nobody declared this limit, so nothing is let through; name it in a definition or in client.limits.declare",
      );
    },
  };
}
