import { HoldfastError } from "../../../core/errors.ts";
import type { Transaction } from "../../../core/transaction.ts";
import { bindParams } from "./bind-params.ts";
import type { SqliteStatement } from "./handle.ts";
import type { Session } from "./session.ts";

/** What `transaction` hands out on SQLite: Holdfast's own connection, for as long as the transaction is open. */
export interface SqliteTransaction extends Transaction {
  /** Prepares a statement, as `node:sqlite` does. */
  prepare(sql: string): SqliteStatement;
  /** Runs statements without parameters. */
  exec(sql: string): void;
}

/** A transaction in an application's hands. */
export interface OpenTransaction {
  readonly tx: SqliteTransaction;
  /** The session, while the transaction is open; from then on, why it is not. */
  session(): Session;
  /** Ends it for whoever still has it; the first reason stays. */
  end(reason: HoldfastError): void;
}

/** Hands a session's transaction out: nothing written through it can land after its end. */
export function openTransaction(session: Session): OpenTransaction {
  let ended: HoldfastError | undefined;
  function open(): Session {
    if (ended !== undefined) throw ended;
    if (session.handle.isTransaction === false) throw endedInside();
    return session;
  }
  return {
    session: open,
    end(reason) {
      ended ??= reason;
    },
    tx: {
      query: async <Row>(sql: string, params: readonly unknown[] = []) =>
        query<Row>(open(), sql, params),
      prepare: (sql) => whileOpen(open, open().handle.prepare(sql)),
      exec(sql) {
        open().handle.exec(sql);
      },
    },
  };
}

function query<Row>(
  session: Session,
  sql: string,
  params: readonly unknown[],
): { readonly rows: Row[]; readonly rowCount: number } {
  const named = bindParams(sql, params);
  const before = totalChanges(session);
  const found = params.length === 0 ? session.all<object>(sql) : session.all<object>(sql, named);
  // The rows of the library have no prototype, which deep comparisons notice.
  const rows = found.map((row) => ({ ...row }) as Row);
  const wrote = rows.length === 0 && totalChanges(session) !== before;
  return { rows, rowCount: wrote ? changes(session) : rows.length };
}

function totalChanges(session: Session): number {
  return session.get<{ readonly n: number }>("SELECT total_changes() AS n")?.n ?? 0;
}

function changes(session: Session): number {
  return session.get<{ readonly n: number }>("SELECT changes() AS n")?.n ?? 0;
}

function whileOpen(open: () => Session, statement: SqliteStatement): SqliteStatement {
  function use(): SqliteStatement {
    open();
    return statement;
  }
  return {
    run: (...params) => use().run(...params),
    get: (...params) => use().get(...params),
    all: (...params) => use().all(...params),
  };
}

function endedInside(): HoldfastError {
  return new HoldfastError(
    "STORAGE_FAILED",
    "The transaction ended before its function did: it ran COMMIT or ROLLBACK itself, or SQLite rolled back after an error. Leave the ending to the transaction, and let errors through.",
  );
}
