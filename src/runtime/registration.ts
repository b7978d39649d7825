import { setTimeout as sleep } from "node:timers/promises";
import { HoldfastError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Session } from "./session.ts";

/** Keeps a worker registered from start to stop: one session at a time, a new one when the last was lost. */
export interface Registration {
  readonly current: () => Session | undefined;
  /** @throws {HoldfastError} `ALREADY_STARTED`, or what opening a session throws. */
  begin(): Promise<void>;
  /** Ends the session; calls while it ends share one end. */
  end(): Promise<void>;
}

/** Opens a session that calls back when its registration turns out to be dead. */
export type OpenSession = (onLost: () => void) => Promise<Session>;

/** A registration not begun. */
export function createRegistration(
  openSession: OpenSession,
  { logger, retryMs }: { readonly logger: Logger; readonly retryMs: number },
): Registration {
  let session: Promise<Session> | undefined;
  let current: Session | undefined;
  let ending: Promise<void> | undefined;

  async function open(): Promise<Session> {
    current = await openSession(() => replace());
    return current;
  }

  /** A dead registration is never revived: its leases are gone, so a new one begins with none. */
  function replace(): void {
    if (session === undefined || ending !== undefined) return;
    session = session.then((lost) => replaceLost(lost, open, logger, retryMs));
    session.catch((error: unknown) => logger.error({ error }, "could not register again"));
  }

  async function close(): Promise<void> {
    try {
      await (await session)?.stop();
    } finally {
      session = undefined;
      current = undefined;
      ending = undefined;
    }
  }

  return {
    current: () => current,
    async begin() {
      if (session !== undefined) throw alreadyStarted();
      session = open();
      await session.catch((error: unknown) => {
        session = undefined;
        throw error;
      });
    },
    end() {
      if (session === undefined) return Promise.resolve();
      ending ??= close();
      return ending;
    },
  };
}

async function replaceLost(
  lost: Session,
  open: () => Promise<Session>,
  logger: Logger,
  pauseMs: number,
): Promise<Session> {
  logger.error(
    { worker: lost.workerId, code: "LEASE_LOST" },
    "registration lost; registering again",
  );
  void lost.abandon();
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof HoldfastError && error.retryable)) throw error;
      logger.warn({ error }, "cannot register yet; trying again");
      await sleep(pauseMs);
    }
  }
}

function alreadyStarted(): HoldfastError {
  return new HoldfastError(
    "ALREADY_STARTED",
    "This worker is started already; make another with createWorker, or stop it first.",
  );
}
