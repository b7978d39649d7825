import { isHoldfastError } from "../../../core/errors.ts";
import type { Logger } from "../../../core/logger.ts";
import { isBusy, storageError, translated } from "../sql-errors.ts";
import { createBreather } from "./breather.ts";
import { createPatience, type Patience } from "./patience.ts";
import type { Session } from "./session.ts";

/** The one writer of this process: whoever wants to write stands in line, first come, first served. */
export interface WriteLine {
  /** Runs a task with the connection to itself, in no transaction. */
  alone<Value>(task: () => Value | Promise<Value>): Promise<Value>;
  /** Runs a synchronous unit in a transaction of its own; nothing yields between its BEGIN and its COMMIT. */
  write<Value>(unit: (session: Session) => Value): Promise<Value>;
  /**
   * Like `write`, for a unit that often finds nothing to do: it takes the file's one writer with its first write only, and
   * runs again from the start, now holding the writer, when another process has it or has written meanwhile.
   */
  writeIfNeeded<Value>(unit: (session: Session) => Value): Promise<Value>;
  /** Like `write`, but gives `undefined` when another process holds the file for longer than `limitMs`. */
  writeSoon<Value>(unit: (session: Session) => Value, limitMs: number): Promise<Value | undefined>;
  /** Runs asynchronous code in a transaction; what it throws is thrown on as it is. */
  hold<Value>(unit: (session: Session) => Promise<Value>): Promise<Value>;
}

/** Forms the line for one connection. */
export function createWriteLine(session: Session, logger: Logger | undefined): WriteLine {
  const breathe = createBreather();
  const waiting: (() => void)[] = [];
  let taken = false;

  async function alone<Value>(task: () => Value | Promise<Value>): Promise<Value> {
    if (taken) await new Promise<void>((resolve) => waiting.push(resolve));
    taken = true;
    try {
      await breathe();
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) taken = false;
      else next();
    }
  }

  return {
    alone,
    write(unit) {
      const patience = createPatience(logger);
      return alone(() => transaction(session, patience, synchronous(unit)));
    },
    writeIfNeeded(unit) {
      const patience = createPatience(logger);
      return alone(() => {
        const quick = withoutWaiting(session, unit);
        return quick === undefined
          ? transaction(session, patience, synchronous(unit))
          : quick.value;
      });
    },
    writeSoon: (unit, limitMs) =>
      alone(() => {
        const patience = createPatience(logger, limitMs);
        return transaction(session, patience, synchronous(unit)).catch((error: unknown) => {
          if (isHoldfastError(error, "STORAGE_BUSY")) return undefined;
          throw error;
        });
      }),
    hold(unit) {
      const patience = createPatience(logger);
      return alone(() => transaction(session, patience, unit));
    },
  };
}

function synchronous<Value>(unit: (session: Session) => Value): (session: Session) => Value {
  return (session) => translated(() => unit(session));
}

/** `undefined` when another process is in the way; nothing was written then. */
function withoutWaiting<Value>(
  session: Session,
  unit: (session: Session) => Value,
): { readonly value: Value } | undefined {
  try {
    session.run("BEGIN");
    const value = unit(session);
    session.run("COMMIT");
    return { value };
  } catch (error) {
    rollBack(session);
    if (isBusy(error)) return undefined;
    throw storageError(error);
  }
}

async function transaction<Value>(
  session: Session,
  patience: Patience,
  unit: (session: Session) => Value | Promise<Value>,
): Promise<Value> {
  while (!done(session, "BEGIN IMMEDIATE")) await patience.pause();
  try {
    const answer = unit(session);
    const value = answer instanceof Promise ? await answer : answer;
    // By now the work is worth more than what is left of the patience: the commit gets one of its own.
    for (const ending = createPatience(); !done(session, "COMMIT"); ) await ending.pause();
    return value;
  } catch (error) {
    rollBack(session);
    throw error;
  }
}

/** False when another process is in the way. */
function done(session: Session, sql: string): boolean {
  try {
    session.run(sql);
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw storageError(error);
  }
}

/** SQLite has already rolled back by itself after some errors, such as a full disk. */
function rollBack(session: Session): void {
  try {
    session.run("ROLLBACK");
  } catch (error) {
    if (!/no transaction is active/.test(String(error))) throw storageError(error);
  }
}
