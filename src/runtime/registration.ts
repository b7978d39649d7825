import { HoldfastError, isHoldfastError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { createNap } from "../service/nap.ts";
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
  /** From begin to end; without a session when none could be opened any more. */
  let session: Promise<Session | undefined> | undefined;
  let current: Session | undefined;
  let abandoned: Promise<unknown> = Promise.resolve();
  let ending: Promise<void> | undefined;
  const nap = createNap();

  async function open(): Promise<Session> {
    current = await openSession(() => replace());
    return current;
  }

  /** A dead registration is never revived: its leases are gone, so a new one begins with none. */
  function replace(): void {
    if (session === undefined || ending !== undefined) return;
    session = session.then(
      (lost) => (lost === undefined ? undefined : openAfter(lost)),
      () => undefined,
    );
  }

  async function openAfter(lost: Session): Promise<Session | undefined> {
    const { workerId } = lost;
    logger.error({ worker: workerId, code: "LEASE_LOST" }, "registration lost; registering again");
    current = undefined;
    abandoned = Promise.all([abandoned, lost.abandon()]);
    while (ending === undefined) {
      try {
        return await open();
      } catch (error) {
        logger.warn({ error }, "cannot register; trying again");
        if (isHoldfastError(error, "CLIENT_CLOSED")) return undefined;
        await nap.take(retryMs);
      }
    }
    return undefined;
  }

  async function close(): Promise<void> {
    try {
      // A start that failed has told its caller.
      const last = await session?.catch(() => undefined);
      await Promise.all([abandoned, last?.stop()]);
    } finally {
      session = undefined;
      current = undefined;
      ending = undefined;
    }
  }

  return {
    current: () => current,
    async begin() {
      if (session !== undefined || ending !== undefined) throw alreadyStarted();
      session = open();
      try {
        await session;
      } catch (error) {
        session = undefined;
        throw error;
      }
    },
    end() {
      if (session === undefined) return Promise.resolve();
      ending ??= close();
      nap.end();
      return ending;
    },
  };
}

function alreadyStarted(): HoldfastError {
  return new HoldfastError(
    "ALREADY_STARTED",
    "This worker is started already; make another with createWorker, or stop it first.",
  );
}
