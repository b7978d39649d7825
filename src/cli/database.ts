import { existsSync } from "node:fs";
import path from "node:path";
import { openStorage } from "../client/open-storage.ts";
import { parseStorageUrl, type StorageTarget } from "../client/storage-url.ts";
import { checkOptions, rule } from "../core/check-options.ts";
import type { Storage } from "../storage/contract/storage.ts";
import { wrongUsage } from "./exit-codes.ts";
import type { LoadedConfig } from "./load-config.ts";
import type { Terminal } from "./terminal.ts";

/** Which database a command works on. */
export interface DatabaseOptions {
  readonly url?: string;
  readonly schema?: string;
}

/** What to do about a SQLite file that does not exist: make it, refuse, or look at an empty database instead. */
export type AbsentFile = "create" | "refuse" | "pretend-empty";

/** A database that is named but not opened. */
export interface Database {
  /** As it may be shown: without what is secret. */
  readonly label: string;
  open(absent: AbsentFile): Promise<Storage>;
}

/**
 * Finds out which database is meant: that of `--url`, else of `HOLDFAST_URL`, of the configuration, of `DATABASE_URL`.
 *
 * @throws {HoldfastError} `INVALID_OPTION` when none is named or it cannot be one.
 */
export function databaseOf(
  given: DatabaseOptions,
  config: LoadedConfig,
  env: Terminal["env"],
): Database {
  const schema = given.schema ?? config.schema;
  checkOptions("holdfast", { schema }, { schema: rule.text });
  const target = findTarget(given, config, env);
  const place = target.kind === "sqlite" ? `sqlite:${target.path}` : withoutSecrets(target.url);
  return {
    label: schema === undefined ? place : `${place}, schema ${schema}`,
    open: (absent) =>
      openStorage(targetOf(target, absent), {
        schema,
        create: absent === "create",
        ...config.client,
      }),
  };
}

function findTarget(
  given: DatabaseOptions,
  config: LoadedConfig,
  env: Terminal["env"],
): StorageTarget {
  const named = [given.url, env["HOLDFAST_URL"]].find(isNamed);
  if (named !== undefined) return parseStorageUrl(named);
  if (isNamed(config.url)) return inFolder(parseStorageUrl(config.url), config.folder);
  const common = env["DATABASE_URL"];
  if (isNamed(common)) return parseStorageUrl(common);
  throw wrongUsage(
    "No database was named: pass --url sqlite:jobs.db (or postgres://...), set HOLDFAST_URL or DATABASE_URL, or write a url into holdfast.config.ts.",
  );
}

function isNamed(url: string | undefined): url is string {
  return url !== undefined && url !== "";
}

function inFolder(target: StorageTarget, folder: string): StorageTarget {
  if (target.kind !== "sqlite" || target.path === ":memory:") return target;
  return { kind: "sqlite", path: path.resolve(folder, target.path) };
}

function targetOf(target: StorageTarget, absent: AbsentFile): StorageTarget {
  const inMemory = { kind: "sqlite", path: ":memory:" } as const;
  const isAbsent = target.kind === "sqlite" && !existsSync(target.path);
  return isAbsent && absent === "pretend-empty" ? inMemory : target;
}

/** Only what is known to be no secret: the server and the database. */
function withoutSecrets(url: string): string {
  if (!URL.canParse(url)) return "postgres://***";
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
