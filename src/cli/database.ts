import { existsSync } from "node:fs";
import type { Command } from "commander";
import { openStorage } from "../client/open-storage.ts";
import { parseStorageUrl, type StorageTarget } from "../client/storage-url.ts";
import { checkOptions, rule } from "../core/check-options.ts";
import { HoldfastError } from "../core/errors.ts";
import type { Storage } from "../storage/contract/storage.ts";
import type { Terminal } from "./terminal.ts";

/** Which database a command works on. */
export interface DatabaseOptions {
  readonly url?: string;
  readonly schema?: string;
}

/** What to do about a SQLite file that does not exist: make it, refuse, or look at an empty database instead. */
export type AbsentFile = "create" | "refuse" | "pretend-empty";

/** Gives a command the options that say which database it works on. */
export function addDatabaseOptions(command: Command): Command {
  return command
    .option(
      "--url <url>",
      "sqlite:path or postgres://...; default $HOLDFAST_URL, else $DATABASE_URL",
    )
    .option("--schema <name>", "PostgreSQL schema of Holdfast's tables (default: holdfast)");
}

/**
 * Opens the database for the time of one command.
 *
 * @throws {HoldfastError} `INVALID_OPTION` without a URL, what opening throws, what the command throws.
 */
export async function withDatabase(
  { url, schema }: DatabaseOptions,
  { env }: Terminal,
  absent: AbsentFile,
  run: (storage: Storage) => Promise<void>,
): Promise<void> {
  const given = url ?? env["HOLDFAST_URL"] ?? env["DATABASE_URL"];
  if (given === undefined || given === "") {
    throw new HoldfastError(
      "INVALID_OPTION",
      "No database was named: pass --url sqlite:jobs.db (or postgres://...), or set HOLDFAST_URL or DATABASE_URL.",
    );
  }
  checkOptions("holdfast", { schema }, { schema: rule.text });
  const target = targetOf(parseStorageUrl(given), absent);
  const storage = await openStorage(target, { schema, create: absent === "create" });
  try {
    await run(storage);
  } finally {
    await storage.close();
  }
}

function targetOf(target: StorageTarget, absent: AbsentFile): StorageTarget {
  const inMemory = { kind: "sqlite", path: ":memory:" } as const;
  const isAbsent = target.kind === "sqlite" && !existsSync(target.path);
  return isAbsent && absent === "pretend-empty" ? inMemory : target;
}
