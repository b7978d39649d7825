import { createRequire } from "node:module";
import { HoldfastError } from "../../../core/errors.ts";
import { betterHandles } from "./better-handle.ts";
import type { SqliteConstructor } from "./handle.ts";

/** A library that is used in place of Node's own. */
export type SqliteLibrary = "better-sqlite3";

interface SqliteModule {
  /** The name the class gets in later versions of Node. */
  readonly Database?: SqliteConstructor;
  readonly DatabaseSync?: SqliteConstructor;
}

/**
 * Finds SQLite: the library asked for, else `node:sqlite` from Node 22.13 on, else the optional peer `@photostructure/sqlite`.
 *
 * @throws {HoldfastError} `DRIVER_MISSING` when there is none.
 */
export async function loadSqlite(library?: SqliteLibrary): Promise<SqliteConstructor> {
  if (library !== undefined) return betterHandles(betterSqlite());
  const found = classOf(builtIn()) ?? classOf(await optionalPeer());
  if (found === undefined) throw missing(undefined);
  return found;
}

function classOf(module: SqliteModule | undefined): SqliteConstructor | undefined {
  return module?.Database ?? module?.DatabaseSync;
}

/** Loading it warns on Node 22; that one warning is not the application's to see. */
function builtIn(): SqliteModule | undefined {
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning: string | Error, ...rest: readonly unknown[]) => {
    if (!/sqlite is an experimental feature/i.test(String(warning))) {
      Reflect.apply(emitWarning, process, [warning, ...rest]);
    }
  };
  try {
    return process.getBuiltinModule("node:sqlite") as SqliteModule | undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}

async function optionalPeer(): Promise<SqliteModule> {
  try {
    return await import("@photostructure/sqlite");
  } catch (error) {
    throw missing(error);
  }
}

function betterSqlite(): Parameters<typeof betterHandles>[0] {
  try {
    // Its package brings no types, and so cannot be imported.
    return createRequire(import.meta.url)("better-sqlite3") as Parameters<typeof betterHandles>[0];
  } catch (error) {
    throw new HoldfastError(
      "DRIVER_MISSING",
      'The library "better-sqlite3" was asked for and cannot be loaded. Run "npm i better-sqlite3".',
      { cause: error },
    );
  }
}

function missing(cause: unknown): HoldfastError {
  return new HoldfastError(
    "DRIVER_MISSING",
    `Node ${process.versions.node} has no SQLite of its own. Run "npm i @photostructure/sqlite", or use Node 22.13 or newer.`,
    { cause },
  );
}
