import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "../../../core/logger.ts";
import { messageOf } from "../sql-errors.ts";
import { connectAndListen, createPings } from "./ear.ts";
import { createIdleMarks, type IdleMarks } from "./idle-marks.ts";
import type { OwnClient } from "./pg-shapes.ts";

/** What a listening connection needs. */
export interface ListenerOptions {
  /** The schema's name, quoted. */
  readonly schema: string;
  readonly channel: string;
  readonly newClient: () => OwnClient;
  readonly logger: Logger | undefined;
  onMessage(payload: string): void;
  /** Messages may have been missed, or will be until the next connection. */
  onGap(): void;
}

/** A connection that listens until it is stopped, replaced whenever it is lost. */
export interface RunningListener {
  /** Resolves after the first attempt to connect, whether or not it succeeded. */
  readonly tried: Promise<void>;
  /** Holds the marks of these queues and of no others; true when they are held by a connection that hears. */
  mark(queues: readonly string[]): Promise<boolean>;
  stop(): Promise<void>;
}

const firstPauseMs = 100;
const longestPauseMs = 30_000;
const pingEveryMs = 60_000;
const pingPatienceMs = 10_000;

/** Listens on a channel over connections of its own. */
export function startListener(options: ListenerOptions): RunningListener {
  const stopping = new AbortController();
  const marks = createIdleMarks(options.schema);
  let firstTry: (() => void) | undefined;
  const tried = new Promise<void>((resolve) => {
    firstTry = resolve;
  });

  async function run(): Promise<void> {
    let pauseMs = firstPauseMs;
    for (let connections = 0; !stopping.signal.aborted; ) {
      const works = () => {
        pauseMs = firstPauseMs;
        if (connections++ > 0) options.onGap();
      };
      const told = { listens: () => firstTry?.(), works };
      await listenOnce(options, marks, stopping.signal, told);
      firstTry?.();
      // Spread, so that a restarted server is not met by everybody at once.
      await rest(pauseMs * (0.5 + Math.random()), stopping.signal);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  }

  const running = run();
  return {
    tried,
    mark: marks.hold,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** One connection's life: resolves when it is lost, silent, or no longer wanted. */
async function listenOnce(
  options: ListenerOptions,
  marks: IdleMarks,
  signal: AbortSignal,
  told: { listens(): void; works(): void },
): Promise<void> {
  const client = options.newClient();
  const pings = createPings(client, options.channel);
  const over = new AbortController();
  const stop = () => over.abort();
  signal.addEventListener("abort", stop);
  const lost = new Promise<never>((_resolve, reject) => {
    client.on("error", reject);
    client.on("end", () => reject(new Error("Connection terminated")));
    over.signal.addEventListener("abort", () => reject(new Error("stopped")));
  });
  client.on("notification", ({ payload = "" }) => {
    if (!pings.isEcho(payload)) options.onMessage(payload);
  });
  try {
    await Promise.race([connectAndListen(client, options.channel), lost]);
    told.listens();
    for (let pinged = 0; ; pinged++) {
      await Promise.race([pings.roundTrip(pingPatienceMs), lost]);
      if (pinged === 0) {
        marks.moveTo(client);
        told.works();
      }
      await Promise.race([rest(pingEveryMs, over.signal), lost]);
    }
  } catch (error) {
    if (signal.aborted) return;
    options.logger?.debug(
      { error: messageOf(error) },
      "the connection that listens for wakeups was lost; polling goes on until it is back",
    );
  } finally {
    if (marks.moveTo(undefined) && !signal.aborted) options.onGap();
    signal.removeEventListener("abort", stop);
    over.abort();
    // A connection that is silent would keep us waiting for its end.
    client.end().catch(() => {});
  }
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(ms, undefined, { ref: false, signal });
  } catch {
    // Stopped while resting.
  }
}
