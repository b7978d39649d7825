import type { Logger } from "../../core/logger.ts";
import { createGate } from "./engine/gate.ts";
import type { OwnClient, PgOptions, PgPoolClient } from "./engine/pg-shapes.ts";
import { listenAt } from "./engine/listen-at.ts";
import { openPools, type PoolSource } from "./engine/pools.ts";
import { createSession, type Query, type Session } from "./engine/session.ts";
import { inTransaction } from "./engine/transaction.ts";
import { isUnknownOutcome, storageError, unknownOutcome } from "./sql-errors.ts";

/** Holdfast's way into one schema of a PostgreSQL database. */
export interface Connection {
  /** The schema's name, quoted. */
  readonly schema: string;
  readonly logger: Logger | undefined;
  /** One statement that changes nothing: sent again, at most twice, when its connection is lost. */
  readonly read: Query;
  /** One statement that does no more when it runs twice, such as a fenced one: sent again like a read. */
  readonly idempotent: Query;
  /** One statement, sent once; `details.commit === "unknown"` when it was sent and its answer lost. */
  readonly write: Query;
  /** Statements in a READ COMMITTED transaction that waits for no lock longer than given, else 5 s. */
  atomically<Value>(work: (query: Query) => Promise<Value>, lockTimeout?: string): Promise<Value>;
  /** Lends a connection of the application's pool. */
  lend<Value>(work: (session: Session) => Promise<Value>): Promise<Value>;
  /** Makes a client to listen with, not yet connected; `undefined` when there is no way to. */
  readonly newClient: (() => OwnClient) | undefined;
  /** Why there is no way to listen, where there is none. */
  readonly whyDeaf: string;
  /** What another thread needs to connect by itself; `undefined` when that cannot be handed over. */
  readonly portable: PgOptions | undefined;
  /** The most connections a process opens. */
  readonly most: number;
  /** Throws `CLIENT_CLOSED` once `close` was called. */
  assertOpen(): void;
  /** Waits for what is under way, then closes the connections opened here; idempotent. */
  close(): Promise<void>;
}

/** Where to connect and which schema to use. */
export interface ConnectionOptions {
  readonly source: PoolSource;
  readonly schema: string;
  readonly logger: Logger | undefined;
  /** Where to listen instead; `false` for nowhere. */
  readonly listen: string | false | undefined;
}

type Connect = () => Promise<PgPoolClient>;

const lockWait = "5s";
const readTries = 3;

/** Opens the pools; touches the database only to find out whether a pool can be opened twice. */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const pools = await openPools(options.source, options.logger);
  const newClient =
    options.listen === undefined ? pools.newClient : await listenAt(options.listen, pools);
  const gate = createGate();

  const using = <Value>(connect: Connect, work: (session: Session) => Promise<Value>) =>
    gate.pass(() => withSession(connect, work));

  const write: Query = (sql, params) =>
    using(pools.internal, async (session) => {
      try {
        return await session.query(sql, params);
      } catch (error) {
        throw unknownOutcome(storageError(error));
      }
    });

  const idempotent: Query = (sql, params) => repeatLost(() => write(sql, params));

  return {
    schema: `"${options.schema}"`,
    logger: options.logger,
    write,
    read: idempotent,
    idempotent,
    atomically(work, lockTimeout = lockWait) {
      const begin = `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = '${lockTimeout}'`;
      return using(pools.internal, (session) =>
        inTransaction(session, begin, () => work(session.query)),
      );
    },
    lend: (work) => using(pools.application, work),
    newClient,
    whyDeaf:
      options.listen === false
        ? "LISTEN is switched off (listen: false)"
        : "the pool cannot be opened a second time, so there is no LISTEN",
    portable: pools.portable,
    most: pools.most,
    assertOpen: gate.assertOpen,
    close: () => gate.close(pools.close),
  };
}

async function withSession<Value>(
  connect: Connect,
  work: (session: Session) => Promise<Value>,
): Promise<Value> {
  const session = createSession(await connect());
  try {
    return await work(session);
  } finally {
    session.release();
  }
}

async function repeatLost<Value>(step: () => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      if (attempt === readTries || !isUnknownOutcome(error)) throw error;
    }
  }
}
