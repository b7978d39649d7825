import { Worker as Thread } from "node:worker_threads";
import type { Logger } from "../core/logger.ts";
import { createNap } from "../service/nap.ts";
import type { PresenceStore } from "../storage/contract/presence.ts";
import type { HeartThreadData, HeartThreadMessage } from "./heart-thread.ts";
import {
  type HeartbeatLoop,
  type HeartbeatMessage,
  type HeartbeatPlan,
  longestGap,
  startHeartbeat,
} from "./heartbeat-loop.ts";
import type { PassBook } from "./maintenance/pass-book.ts";
import { selfReport } from "./self-report.ts";
import { monotonicNow, readVitalSigns, turnMs, type VitalSigns } from "./vital-signs.ts";

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
  /** What heartbeats tell of the worker's maintenance. */
  readonly passes: Pick<PassBook, "read">;
  readonly wedgedAfterMs: number;
  readonly graceMs: number;
  /** The registration is dead or gone: every lease of this worker is lost. */
  readonly onLost: () => void;
  /** There may be orders that no hint has told of; told with every beat of a worker that is to drain. */
  readonly onOrders: () => void;
}

const restartMs = 250;
/** As many threads may die in a row before anything is heard of them. */
const mostSilent = 3;

/**
 * Starts heartbeats on a thread with a connection of its own, so that a handler that keeps the main loop busy does not
 * look dead; on the main thread, with one warning, where the storage cannot be opened twice.
 */
export function createHeartbeat(parts: HeartbeatParts): Heartbeat {
  const { logger, vitalSigns, onLost, onOrders } = parts;
  let last = { at: Number.NEGATIVE_INFINITY, steadySince: Number.POSITIVE_INFINITY };
  let failing = false;

  function hear(message: HeartbeatMessage): void {
    switch (message.kind) {
      case "beat":
        if (failing) logger.info({}, "heartbeats reach the database again");
        failing = false;
        last = message;
        if (message.ordered) onOrders();
        return;
      case "failing":
        if (!failing) logger.warn({ error: message.message }, "heartbeat failed; trying again");
        failing = true;
        return;
      case "lost":
        onLost();
    }
  }

  const turning = setInterval(() => vitalSigns.turn(), turnMs);
  turning.unref();
  const stopBeating = start(parts, hear);
  return {
    steadyMs() {
      const now = monotonicNow();
      // A beat that gets no answer says nothing; its silence does.
      const silent = failing || now - last.at > longestGap(parts.plan.leaseMs);
      return silent ? 0 : Math.max(0, now - last.steadySince);
    },
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
  let loop: HeartbeatLoop | undefined;

  function beatHere(why: string): void {
    logger.warn(
      {},
      `heartbeats run on the main thread: ${why}, so a handler that blocks the event loop can lose its lease`,
    );
    const signs = readVitalSigns(parts.vitalSigns.buffer);
    const report = () => selfReport(signs, parts.passes.read());
    loop = startHeartbeat({ plan, open: () => storage.openHeart(), report, tell: hear });
  }

  if (storage.heartModule === undefined) {
    beatHere("this storage cannot be opened twice");
    return async () => loop?.stop();
  }
  const data: HeartThreadData = {
    module: storage.heartModule,
    plan,
    vitalSigns: parts.vitalSigns.buffer,
    wedgedAfterMs: parts.wedgedAfterMs,
    graceMs: parts.graceMs,
  };
  const stopThread = keepThread(data, {
    hear,
    logger,
    passes: parts.passes,
    giveUp: () => beatHere("their thread cannot be started"),
  });
  return async () => {
    await stopThread();
    await loop?.stop();
  };
}

interface KeepParts extends Pick<HeartbeatParts, "logger" | "passes"> {
  readonly hear: (message: HeartbeatMessage) => void;
  readonly giveUp: () => void;
}

/**
 * Keeps a thread running until stopped: one that dies is replaced, long before the lease is over. Gives up on threads of
 * which nothing is heard before they die, as of a file that a bundler left behind.
 */
function keepThread(
  data: HeartThreadData,
  { hear, logger, passes, giveUp }: KeepParts,
): () => Promise<void> {
  let stopping = false;
  let thread: Thread | undefined;
  let told: ReturnType<PassBook["read"]> | undefined;
  let silent = 0;
  const nap = createNap();

  function send(message: HeartThreadMessage): void {
    thread?.postMessage(message);
  }

  /** It cannot see the passes; what is new of them it is told before every beat. */
  function tellPasses(): void {
    const now = passes.read();
    if (now !== told) send({ kind: "passes", passes: now });
    told = now;
  }

  async function keep(): Promise<void> {
    while (!stopping && silent < mostSilent) {
      silent += 1;
      const started = startThread(data, logger);
      thread = started;
      told = undefined;
      tellPasses();
      started.on("message", (message: HeartbeatMessage) => {
        silent = 0;
        hear(message);
      });
      await new Promise((resolve) => started.once("exit", resolve));
      if (!stopping) await nap.take(restartMs);
    }
    if (!stopping) giveUp();
  }

  const ended = keep();
  const telling = setInterval(tellPasses, data.plan.everyMs / 2);
  telling.unref();
  return async () => {
    clearInterval(telling);
    stopping = true;
    nap.end();
    send({ kind: "stop" });
    await ended;
  };
}

function startThread(data: HeartThreadData, logger: Logger): Thread {
  const thread = new Thread(new URL("./heart-thread.js", import.meta.url), {
    workerData: data,
    name: "holdfast-heartbeat",
    // The program's own flags, such as a memory limit or how to read text, are refused or wrong in a thread.
    execArgv: [],
  });
  return thread.on("error", (error) => logger.error({ error }, "the heartbeat thread died"));
}
