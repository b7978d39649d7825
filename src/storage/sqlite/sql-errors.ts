import { type ErrorCode, HoldfastError } from "../../core/errors.ts";

/** True when the file is locked by somebody else and trying again later may work. */
export function isBusy(error: unknown): boolean {
  const name = sqliteName(error);
  return name === "BUSY" || name === "LOCKED";
}

/** True for what is no fault of the statement's: the file is locked, or it or its disk is not in order. */
export function isEnvironment(error: unknown): boolean {
  return sqliteName(error) !== undefined;
}

/** The error to throw for whatever a statement or the file system threw. */
export function storageError(error: unknown): HoldfastError {
  if (error instanceof HoldfastError) return error;
  const [code, advice] = adviceFor(error);
  return new HoldfastError(code, `${advice} (${messageOf(error)})`, { cause: error });
}

/**
 * Runs a step, translating what it throws.
 *
 * @throws {HoldfastError}
 */
export function translated<Value>(step: () => Value): Value {
  try {
    return step();
  } catch (error) {
    throw storageError(error);
  }
}

type Advice = readonly [ErrorCode, string];

const readOnly: Advice = [
  "STORAGE_READ_ONLY",
  "The SQLite file or its directory cannot be written. Give this user write permission to both, or use another path.",
];

const notADatabase: Advice = [
  "STORAGE_INVALID",
  "This file is not a SQLite database, or it is damaged. Nothing was changed; use another path, or restore a backup.",
];

const unavailable: Advice = [
  "STORAGE_UNAVAILABLE",
  "The SQLite file cannot be opened. Create its directory, and check the path and the permissions.",
];

const full: Advice = [
  "STORAGE_FAILED",
  "The disk is full and nothing was written. Free some space and try again.",
];

const closed: Advice = ["CLIENT_CLOSED", "The SQLite storage is closed. Open a new one."];

const outOfDate: Advice = [
  "SCHEMA_OUT_OF_DATE",
  'The Holdfast tables are missing or older than this code. Run "holdfast migrate", or pass migrate: true.',
];

const bySqliteName: Readonly<Record<string, Advice>> = {
  BUSY: ["STORAGE_BUSY", "The SQLite file is locked by another connection. Try again."],
  LOCKED: ["STORAGE_BUSY", "The SQLite file is locked by another connection. Try again."],
  READONLY: readOnly,
  CANTOPEN: unavailable,
  NOTADB: notADatabase,
  CORRUPT: notADatabase,
  FULL: full,
  IOERR: ["STORAGE_FAILED", "Reading or writing the SQLite file failed. Check the disk."],
};

const bySystemCode: Readonly<Record<string, Advice>> = {
  EACCES: readOnly,
  EPERM: readOnly,
  EROFS: readOnly,
  ENOENT: unavailable,
  ENOTDIR: unavailable,
  ENOSPC: full,
  EDQUOT: full,
};

function adviceFor(error: unknown): Advice {
  const name = sqliteName(error);
  if (name !== undefined && Object.hasOwn(bySqliteName, name)) return bySqliteName[name] as Advice;
  const message = messageOf(error);
  if (/no such (table|column): \S*holdfast_|table holdfast_\w+ has no column/.test(message)) {
    return outOfDate;
  }
  if (/database (connection )?is not open/.test(message)) return closed;
  const code = fieldOf(error, "code");
  return (
    bySystemCode[String(code)] ?? [
      "STORAGE_FAILED",
      "SQLite refused a statement of Holdfast's. Report this with the details below.",
    ]
  );
}

const primaryNames: Readonly<Record<number, string>> = {
  5: "BUSY",
  6: "LOCKED",
  8: "READONLY",
  10: "IOERR",
  11: "CORRUPT",
  13: "FULL",
  14: "CANTOPEN",
  26: "NOTADB",
};

/** SQLite's own words, for the errors @photostructure/sqlite throws without a number. */
const byMessage: readonly (readonly [RegExp, string])[] = [
  [/database (table |schema )?is locked/, "BUSY"],
  [/readonly database/, "READONLY"],
  [/disk I\/O error/, "IOERR"],
  [/disk image is malformed/, "CORRUPT"],
  [/database or disk is full/, "FULL"],
  [/unable to open database/, "CANTOPEN"],
  [/file is not a database/, "NOTADB"],
];

/** The primary result code's name; node:sqlite gives the extended number, better-sqlite3 the extended name. */
function sqliteName(error: unknown): string | undefined {
  const number = fieldOf(error, "errcode");
  if (typeof number === "number") return primaryNames[number & 0xff];
  const code = String(fieldOf(error, "code"));
  if (code.startsWith("SQLITE_")) return code.split("_")[1];
  if (code !== "ERR_SQLITE_ERROR") return undefined;
  return byMessage.find(([words]) => words.test(messageOf(error)))?.[1];
}

function fieldOf(error: unknown, field: string): unknown {
  return typeof error === "object" && error !== null ? Reflect.get(error, field) : undefined;
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
