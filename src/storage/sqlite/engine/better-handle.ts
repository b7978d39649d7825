import type {
  NamedValues,
  SqliteConstructor,
  SqliteHandle,
  SqliteStatement,
  SqlValue,
} from "./handle.ts";

/** The part of a `better-sqlite3` database that Holdfast uses. */
export interface BetterDatabase {
  readonly inTransaction: boolean;
  prepare(sql: string): BetterStatement;
  exec(sql: string): unknown;
  close(): unknown;
}

interface BetterStatement {
  /** Whether it gives rows; `run` refuses one that does, `all` one that does not. */
  readonly reader: boolean;
  run(...params: readonly unknown[]): { readonly changes: number };
  get(...params: readonly unknown[]): unknown;
  all(...params: readonly unknown[]): unknown[];
  raw(on: boolean): unknown;
  safeIntegers(on: boolean): unknown;
}

type BetterConstructor = new (path: string, options: { timeout: number }) => BetterDatabase;

/** Makes handles of `better-sqlite3` look like those of `node:sqlite`. */
export function betterHandles(Database: BetterConstructor): SqliteConstructor {
  return class BetterHandle implements SqliteHandle {
    readonly #database: BetterDatabase;

    constructor(given: string | BetterDatabase) {
      this.#database = typeof given === "string" ? new Database(given, { timeout: 0 }) : given;
    }

    static adopt(tx: object): SqliteHandle | undefined {
      return tx instanceof Database ? new BetterHandle(tx) : undefined;
    }

    get isTransaction(): boolean {
      return this.#database.inTransaction;
    }

    prepare(sql: string): SqliteStatement {
      return betterStatement(this.#database, sql);
    }

    exec(sql: string): void {
      this.#database.exec(sql);
    }

    close(): void {
      this.#database.close();
    }
  };
}

type Params = readonly (SqlValue | NamedValues)[];

interface SettableStatement extends SqliteStatement {
  setReadBigInts(on: boolean): void;
  setReturnArrays(on: boolean): void;
}

function betterStatement(database: BetterDatabase, sql: string): SettableStatement {
  const { text, order } = named(sql);
  const statement = database.prepare(text);
  const bound = (params: Params): readonly unknown[] =>
    order === undefined
      ? params
      : [Object.fromEntries(order.map((at) => [`p${at}`, params[at - 1]]))];
  return {
    run(...params) {
      if (!statement.reader) return statement.run(...bound(params));
      statement.all(...bound(params));
      return {
        changes: Number((database.prepare("SELECT changes() AS n").get() as { n: number }).n),
      };
    },
    get: (...params) => {
      if (statement.reader) return statement.get(...bound(params));
      statement.run(...bound(params));
      return undefined;
    },
    all(...params) {
      if (statement.reader) return statement.all(...bound(params));
      statement.run(...bound(params));
      return [];
    },
    setReadBigInts: (on) => void statement.safeIntegers(on),
    setReturnArrays(on) {
      if (statement.reader) statement.raw(on);
    },
  };
}

/**
 * Of a text with numbered parameters, one with named ones: `better-sqlite3` takes `?` by position, but `?2` by a name. Like SQLite, a
 * `?` without a number is one more than the highest before it. Text in quotes and comments is left alone.
 */
function named(sql: string): { readonly text: string; readonly order?: readonly number[] } {
  if (!/\?\d/.test(sql)) return { text: sql };
  let highest = 0;
  const text = sql.replaceAll(
    /'[^']*'|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\/|\?(\d*)/g,
    (found, number: string | undefined) => {
      if (number === undefined) return found;
      const at = number === "" ? highest + 1 : Number(number);
      highest = Math.max(highest, at);
      return `@p${at}`;
    },
  );
  return { text, order: Array.from({ length: highest }, (_, index) => index + 1) };
}
