import { HoldfastError } from "../../core/errors.ts";
import type { TransactOptions, TransactStore } from "../contract/transact.ts";
import { runUndoable } from "../shared/undoable.ts";
import type { Connection } from "./connection.ts";
import { createForeignHandles } from "./engine/foreign-handle.ts";
import { openTransaction, type SqliteTransaction } from "./engine/open-transaction.ts";
import type { Session } from "./engine/session.ts";
import { translated } from "./sql-errors.ts";

/** Transactions for application code, and the way from what was handed out back to the session. */
export interface SqliteTransactStore extends TransactStore {
  transact<Value>(
    fn: (tx: SqliteTransaction) => Promise<Value>,
    options?: TransactOptions,
  ): Promise<Value>;
}

/** The way from a caller's `tx` to the session it stands for. */
export interface Transactions {
  readonly store: SqliteTransactStore;
  /**
   * The session of an open transaction: one handed out here, or the application's own handle of the same file.
   *
   * @throws {HoldfastError} `INVALID_OPTION`, `TRANSACTION_TOO_LONG`, `CLIENT_CLOSED`.
   */
  sessionOf(tx: object): Session;
}

/** Opens transactions that hold the one writer for at most `maxHoldMs`. */
export function createTransactions(connection: Connection, maxHoldMs: number): Transactions {
  const handedOut = new WeakMap<object, () => Session>();
  const foreign = createForeignHandles(connection.file, connection.sqlite);

  function sessionOf(tx: object): Session {
    connection.assertOpen();
    return handedOut.get(tx)?.() ?? foreign.sessionOf(tx);
  }

  async function tell(tx: object, ...statements: readonly string[]): Promise<void> {
    const session = sessionOf(tx);
    translated(() => {
      for (const sql of statements) session.run(sql);
    });
  }

  return {
    store: {
      transact: (fn, { open: opener } = {}) => {
        if (opener !== undefined) return inBorrowed(opener, sessionOf, fn);
        return connection.hold(async (session) => {
          const open = openTransaction(session);
          handedOut.set(open.tx, open.session);
          try {
            const value = await atMost(maxHoldMs, fn(open.tx), open.end);
            open.session();
            return value;
          } finally {
            open.end(over());
          }
        });
      },
      savepoint: (tx, fn) =>
        runUndoable(fn, {
          begin: () => tell(tx, "SAVEPOINT holdfast_part"),
          keep: () => tell(tx, keepPart),
          undo: () => tell(tx, "ROLLBACK TO SAVEPOINT holdfast_part", keepPart),
          // Whoever is in a transaction has the writer to himself.
          isConflict: () => false,
        }),
    },
    sessionOf,
  };
}

/** What a library of the application's begins and commits, on a handle of its own. */
function inBorrowed<Value>(
  open: NonNullable<TransactOptions["open"]>,
  sessionOf: Transactions["sessionOf"],
  fn: (tx: SqliteTransaction) => Promise<Value>,
): Promise<Value> {
  return open(async (tx) => {
    sessionOf(tx);
    const value = await fn(tx as SqliteTransaction);
    // SQLite may have rolled back by itself, of which a library hears nothing before the next write.
    sessionOf(tx);
    return value;
  });
}

const keepPart = "RELEASE SAVEPOINT holdfast_part";

async function atMost<Value>(
  limitMs: number,
  work: Promise<Value>,
  end: (reason: HoldfastError) => void,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const reason = tooLong(limitMs);
      end(reason);
      reject(reason);
    }, limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function tooLong(limitMs: number): HoldfastError {
  return new HoldfastError(
    "TRANSACTION_TOO_LONG",
    `The transaction held the one writer of the SQLite file for ${limitMs} ms and was rolled back. Do slow work before or after it.`,
    { details: { limitMs } },
  );
}

function over(): HoldfastError {
  return new HoldfastError(
    "INVALID_OPTION",
    "This transaction is over. Use tx only inside the function it was handed to, and await everything there.",
  );
}
