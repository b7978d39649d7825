import { Worker as Thread } from "node:worker_threads";
import type { Logger } from "../core/logger.ts";
import type { PresenceStore } from "../storage/contract/presence.ts";
import type { HeartThreadData } from "./heart-thread.ts";
import { type HeartbeatMessage, type HeartbeatPlan, startHeartbeat } from "./heartbeat-loop.ts";
import { monotonicNow, type VitalSigns } from "./vital-signs.ts";

/** A worker's heartbeats, as the main thread sees them. */
export interface Heartbeat {
  /** How long heartbeats have been written without a gap, in milliseconds; 0 before the first. */
  steadyMs(): number;
  stop(): Promise<void>;
}

/** What heartbeats need. */
export interface HeartbeatParts {
  readonly storage: PresenceStore;
  readonly logger: Logger;
  readonly plan: HeartbeatPlan;
  readonly vitalSigns: VitalSigns;
  readonly wedgedAfterMs: number;
  readonly graceMs: number;
  /** The registration is dead or gone: every lease of this worker is lost. */
  readonly onLost: () => void;
}

const turnMs = 100;

/**
 * Starts heartbeats on a thread with a connection of its own, so that a handler that keeps the main loop busy does not
 * look dead; on the main thread, with one warning, where the storage cannot be opened twice.
 */
export function createHeartbeat(parts: HeartbeatParts): Heartbeat {
  const { logger, vitalSigns, onLost } = parts;
  let steadySince = Number.POSITIVE_INFINITY;
  let failing = false;

  function hear(message: HeartbeatMessage): void {
    switch (message.kind) {
      case "beat":
        if (failing) logger.info({}, "heartbeats reach the database again");
        failing = false;
        steadySince = message.steadySince;
        return;
      case "failing":
        if (!failing) logger.warn({ error: message.message }, "heartbeat failed; trying again");
        failing = true;
        steadySince = Number.POSITIVE_INFINITY;
        return;
      case "lost":
        onLost();
    }
  }

  const turning = setInterval(() => vitalSigns.turn(), turnMs);
  turning.unref();
  const stopBeating = start(parts, hear);
  return {
    steadyMs: () => Math.max(0, monotonicNow() - steadySince),
    async stop() {
      clearInterval(turning);
      await stopBeating();
    },
  };
}

function start(
  parts: HeartbeatParts,
  hear: (message: HeartbeatMessage) => void,
): () => Promise<void> {
  const { storage, plan, logger } = parts;
  const module = storage.heartModule;
  if (module === undefined) {
    logger.warn(
      {},
      "heartbeats run on the main thread: this storage cannot be opened twice, so a handler that blocks the event loop can lose its lease",
    );
    const loop = startHeartbeat(plan, () => storage.openHeart(), hear);
    return () => loop.stop();
  }
  const data: HeartThreadData = {
    module,
    plan,
    vitalSigns: parts.vitalSigns.buffer,
    wedgedAfterMs: parts.wedgedAfterMs,
    graceMs: parts.graceMs,
  };
  return startThread(data, hear, logger);
}

function startThread(
  data: HeartThreadData,
  hear: (message: HeartbeatMessage) => void,
  logger: Logger,
): () => Promise<void> {
  const thread = new Thread(new URL("./heart-thread.js", import.meta.url), {
    workerData: data,
    name: "holdfast-heartbeat",
  });
  thread.on("message", hear);
  thread.on("error", (error) => logger.error({ error }, "the heartbeat thread died"));
  const ended = new Promise<void>((resolve) => thread.once("exit", () => resolve()));
  return async () => {
    thread.postMessage("stop");
    await ended;
  };
}
