import { HoldfastError, isHoldfastError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { createNap, type Nap } from "../service/nap.ts";
import type { Session } from "./session.ts";

/** Keeps a worker registered from start to stop: one session at a time, a new one when the last was lost. */
export interface Registration {
  readonly current: () => Session | undefined;
  /** @throws {HoldfastError} `ALREADY_STARTED`, or what opening a session throws. */
  begin(): Promise<void>;
  /** Ends the session; calls while it ends share one end. */
  end(): Promise<void>;
}

/** Opens a session that calls back when its registration turns out to be dead; `replaces` is the one that was lost before. */
export type OpenSession = (onLost: () => void, replaces?: string) => Promise<Session>;

/** How failures to register again are told and paced. */
export interface RegistrationParts {
  readonly logger: Logger;
  readonly retryMs: number;
}

/** A registration not begun. */
export function createRegistration(
  openSession: OpenSession,
  parts: RegistrationParts,
): Registration {
  let span: Span | undefined;

  function forget(over: Span | undefined): void {
    if (span === over) span = undefined;
  }

  return {
    current: () => span?.current(),
    async begin() {
      if (span !== undefined) throw alreadyStarted();
      const begun = beginSpan(openSession, parts);
      span = begun;
      await begun.opened.catch((error: unknown) => {
        forget(begun);
        throw error;
      });
    },
    async end() {
      const ended = span;
      await ended?.end().finally(() => forget(ended));
    },
  };
}

/** A worker's time from one start to the stop after it. */
interface Span {
  readonly opened: Promise<Session>;
  current(): Session | undefined;
  end(): Promise<void>;
}

function beginSpan(openSession: OpenSession, parts: RegistrationParts): Span {
  const nap = createNap();
  const opened = open();
  /** The newest; `undefined` when none could be opened any more. */
  let session: Promise<Session | undefined> = opened;
  let current: Session | undefined;
  let abandoned: Promise<unknown> = Promise.resolve();
  let ending: Promise<unknown> | undefined;

  async function open(replaces?: string): Promise<Session> {
    const fresh = await openSession(() => {
      if (ending === undefined) session = session.then(openAfter, () => undefined);
    }, replaces);
    current = fresh;
    return fresh;
  }

  /** A dead registration is never revived: its leases are gone, so a new one begins with none. */
  function openAfter(lost: Session | undefined): Promise<Session | undefined> | undefined {
    if (lost === undefined) return undefined;
    const fields = { worker: lost.workerId, code: "LEASE_LOST" };
    parts.logger.error(fields, "registration lost; registering again");
    current = undefined;
    abandoned = Promise.all([abandoned, lost.abandon()]);
    return openPatiently(
      () => open(lost.workerId),
      nap,
      () => ending !== undefined,
      parts,
    );
  }

  async function close(): Promise<void> {
    // A start that failed has told its caller.
    const last = await session.catch(() => undefined);
    await Promise.all([abandoned, last?.stop()]);
  }

  return {
    opened,
    current: () => current,
    async end() {
      ending ??= close();
      nap.end();
      await ending;
    },
  };
}

/** Opens a session however long the database cannot be reached; none once it is too late for one. */
async function openPatiently(
  open: () => Promise<Session>,
  nap: Nap,
  isTooLate: () => boolean,
  { logger, retryMs }: RegistrationParts,
): Promise<Session | undefined> {
  while (!isTooLate()) {
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

function alreadyStarted(): HoldfastError {
  return new HoldfastError(
    "ALREADY_STARTED",
    "This worker is started already; make another with createWorker, or stop it first.",
  );
}
