import { createNap } from "../service/nap.ts";
import type { WorkerReport } from "../core/worker-record.ts";
import type { Heart } from "../storage/contract/presence.ts";
import { monotonicNow } from "./vital-signs.ts";

/** Which worker beats, how often, and how long a silence may be. */
export interface HeartbeatPlan {
  readonly workerId: string;
  readonly everyMs: number;
  readonly leaseMs: number;
}

/**
 * What the loop tells the worker: a beat was written, when, and since when there was no gap; the registration is gone;
 * or beats fail at the moment. Times are those of `monotonicNow`.
 */
export type HeartbeatMessage =
  | {
      readonly kind: "beat";
      readonly at: number;
      readonly steadySince: number;
      /** There may be orders that no hint has told of. */
      readonly ordered: boolean;
    }
  | { readonly kind: "lost" }
  | { readonly kind: "failing"; readonly message: string };

/** Heartbeats until stopped. */
export interface HeartbeatLoop {
  stop(): Promise<void>;
}

const retryMs = 250;

/** The longest silence between two beats that is no gap. */
export function longestGap(leaseMs: number): number {
  return leaseMs / 2;
}

/** What the loop works with. */
export interface HeartbeatLoopParts {
  readonly plan: HeartbeatPlan;
  readonly open: () => Promise<Heart>;
  /** What the worker says of itself with the next heartbeat. */
  readonly report: () => WorkerReport;
  readonly tell: (message: HeartbeatMessage) => void;
}

/** Sends heartbeats through a heart, opening it again after failures, on whichever thread calls. */
export function startHeartbeat({ plan, open, report, tell }: HeartbeatLoopParts): HeartbeatLoop {
  const { workerId, everyMs, leaseMs } = plan;
  let stopped = false;
  let heart: Heart | undefined;
  let lastBeat = Number.NEGATIVE_INFINITY;
  let steadySince = 0;
  const nap = createNap();

  async function beat(): Promise<number> {
    try {
      heart ??= await open();
      const found = await heart.beat(workerId, report());
      if (found === "gone") {
        stopped = true;
        tell({ kind: "lost" });
        return 0;
      }
      const now = monotonicNow();
      if (now - lastBeat > longestGap(leaseMs)) steadySince = now;
      lastBeat = now;
      tell({ kind: "beat", at: now, steadySince, ordered: found !== "alive" });
      return everyMs;
    } catch (error) {
      tell({ kind: "failing", message: error instanceof Error ? error.message : String(error) });
      await heart?.close().catch(() => {});
      heart = undefined;
      return Math.min(retryMs, everyMs);
    }
  }

  async function loop(): Promise<void> {
    while (!stopped) {
      const pause = await beat();
      if (!stopped) await nap.take(pause);
    }
    await heart?.close().catch(() => {});
  }

  const ended = loop();
  return {
    async stop() {
      stopped = true;
      nap.end();
      await ended;
    },
  };
}
