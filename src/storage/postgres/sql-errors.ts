import { type ErrorCode, HoldfastError } from "../../core/errors.ts";

/** The error to throw for whatever a statement or a connection threw. */
export function storageError(error: unknown): HoldfastError {
  if (error instanceof HoldfastError) return error;
  const [code, advice] = adviceFor(error);
  return new HoldfastError(code, `${advice} (${messageOf(error)}${dependentsIn(error)})`, {
    cause: error,
  });
}

/** What depends on something that was to be dropped. Of other errors the details may hold an application's values. */
function dependentsIn(error: unknown): string {
  if (!isObject(error) || error["code"] !== "2BP01") return "";
  return typeof error["detail"] === "string" ? `: ${error["detail"]}` : "";
}

/** A failure after a statement was sent whose answer nobody saw: it may or may not have been carried out. */
export function unknownOutcome(error: HoldfastError): HoldfastError {
  if (error.code !== "STORAGE_UNAVAILABLE" || isNeverSent(error.cause)) return error;
  return new HoldfastError(error.code, error.message, {
    cause: error.cause,
    details: { ...error.details, commit: "unknown" },
  });
}

/** True when a write was sent and its answer lost. */
export function isUnknownOutcome(error: unknown): boolean {
  return error instanceof HoldfastError && error.details["commit"] === "unknown";
}

/** True for a serialization failure or deadlock. */
export function isConflict(error: unknown): boolean {
  return causes(error).some((cause) => storageError(cause).code === "STORAGE_CONFLICT");
}

/** The error for a transaction that was rolled back because another one got in its way. */
export function transactionRetry(cause: unknown): HoldfastError {
  return new HoldfastError(
    "TRANSACTION_RETRY",
    "Another transaction got in the way and this one was rolled back. Run it again from the start.",
    { cause },
  );
}

/** True for a connection that was lost or could not be made. */
export function isUnreachable(error: unknown): boolean {
  return causes(error).some((cause) => storageError(cause).code === "STORAGE_UNAVAILABLE");
}

/** True when a statement was refused because it stood outside a transaction. */
export function isOutsideTransaction(error: unknown): boolean {
  return causes(error).some((cause) => isObject(cause) && cause["code"] === "25P01");
}

/** True when a commit was undone because the server's queue of notifications is full. */
export function isNotifyRefused(error: unknown): boolean {
  return causes(error).some((cause) => isObject(cause) && cause["code"] === "54000");
}

const deepest = 8;

/** An error and its causes: libraries wrap the errors of the driver below them, each in its own way. */
function causes(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  let link = error;
  while (isObject(link) && chain.length < deepest) {
    chain.push(link);
    link = link["cause"] ?? link["original"] ?? link["driverError"];
  }
  return chain;
}

type Advice = readonly [ErrorCode, string];

const unavailable: Advice = [
  "STORAGE_UNAVAILABLE",
  "PostgreSQL cannot be reached, or the connection was lost. Try again.",
];

const outOfDate: Advice = [
  "SCHEMA_OUT_OF_DATE",
  'The Holdfast tables are missing or older than this code. Run "holdfast migrate", or pass migrate: true.',
];

const wrongLogin: Advice = [
  "STORAGE_INVALID",
  "PostgreSQL refused this user. Check the user name, the password and pg_hba.conf.",
];

const conflict: Advice = [
  "STORAGE_CONFLICT",
  "Another transaction got in the way and nothing was written. Try again.",
];

const untrusted: Advice = [
  "STORAGE_INVALID",
  "The TLS connection to PostgreSQL failed. Check sslmode and the certificates.",
];

const bySqlState: Readonly<Record<string, Advice>> = {
  "25006": [
    "STORAGE_READ_ONLY",
    "This PostgreSQL takes no writes: a replica, or default_transaction_read_only. Connect to the primary.",
  ],
  "25P02": ["STORAGE_FAILED", "An earlier statement failed in this transaction. Roll it back."],
  "25P03": unavailable,
  "28000": wrongLogin,
  "28P01": wrongLogin,
  "2BP01": [
    "STORAGE_FAILED",
    "Something that is not Holdfast's depends on what was to be removed, and nothing was. Drop it first.",
  ],
  "3D000": ["STORAGE_INVALID", "The database does not exist. Create it, or correct the URL."],
  "3F000": outOfDate,
  "40001": conflict,
  "40P01": conflict,
  // Prisma's own code for both.
  P2034: conflict,
  "42501": [
    "STORAGE_INVALID",
    "This user lacks a privilege. Grant it USAGE on Holdfast's schema and all rights on its tables and sequences; to migrate it needs CREATE.",
  ],
  "42703": outOfDate,
  "42883": outOfDate,
  "42P01": outOfDate,
  "53300": unavailable,
  "55P03": ["STORAGE_BUSY", "A row or table stayed locked by another transaction. Try again."],
  "57014": ["STORAGE_BUSY", "The statement was cancelled before it finished. Try again."],
  "57P01": unavailable,
  "57P02": unavailable,
  "57P03": unavailable,
  "57P05": unavailable,
};

const unreachable =
  /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENET|ENOTFOUND|EAI_AGAIN|ENOENT|EADDRNOTAVAIL)/;
const certificate = /^ERR_TLS|^ERR_SSL|CERT|UNABLE_TO_VERIFY/;
const lostMessage =
  /Connection terminated|not queryable|timeout exceeded when trying to connect|timeout expired|Query read timeout/;

function adviceFor(error: unknown): Advice {
  const code = isObject(error) ? String(error["code"]) : "";
  const message = messageOf(error);
  const known = Object.hasOwn(bySqlState, code) ? bySqlState[code] : undefined;
  if (known !== undefined) return known;
  if (/^08.{3}$/.test(code) || unreachable.test(code) || lostMessage.test(message)) {
    return unavailable;
  }
  if (certificate.test(code) || /does not support SSL/.test(message)) return untrusted;
  if (/^SASL|password/i.test(message)) return wrongLogin;
  return [
    "STORAGE_FAILED",
    "PostgreSQL refused a statement of Holdfast's. Report this with the details below.",
  ];
}

function isNeverSent(cause: unknown): boolean {
  return /not queryable|timeout exceeded when trying to connect/.test(messageOf(cause));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** What anything thrown says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
