import { type ErrorCode, HoldfastError, isHoldfastError } from "../core/errors.ts";
import type { SchemaStore } from "../storage/contract/schema.ts";

/** The worker of a process, as far as its health goes; a `Worker` is one. */
export interface HealthWorker {
  /** The id of its registration, while it has one. */
  readonly id: string | undefined;
  readonly state: "new" | "running" | "draining" | "stopped";
}

/** What was found: a word for each thing looked at, and what is wrong first. */
export interface Health {
  readonly checks: Readonly<Record<string, string>>;
  readonly failed: { readonly code: ErrorCode; readonly detail: string } | undefined;
}

const tellsMore = "The log of this process says more.";

const schemaDetails: Readonly<Partial<Record<ErrorCode, string>>> = {
  SCHEMA_OUT_OF_DATE: "The schema is older than this code: run holdfast migrate.",
  SCHEMA_TOO_NEW: "The schema is too new for this code: upgrade holdfast here.",
  SCHEMA_CHANGED: "A migration was applied with another content: restore the released version.",
};

/** Looks whether the database answers, and whether its schema is this code's. */
export async function checkDatabase(
  schemaStatus: SchemaStore["schemaStatus"],
): Promise<HoldfastError | undefined> {
  try {
    const { current, latest, pending } = await schemaStatus();
    if (pending.length === 0) return undefined;
    return new HoldfastError(
      "SCHEMA_OUT_OF_DATE",
      `The schema is at migration ${current}, and this code has ${latest}.`,
    );
  } catch (error) {
    if (isHoldfastError(error)) return error;
    throw error;
  }
}

/** Puts together what was found of the database. */
export function databaseHealth(error: HoldfastError | undefined): Health {
  if (error === undefined) return { checks: { database: "ok", schema: "ok" }, failed: undefined };
  const { code } = error;
  const ofSchema = schemaDetails[code];
  return {
    checks:
      ofSchema === undefined
        ? { database: code, schema: "unknown" }
        : { database: "ok", schema: code },
    failed: {
      code,
      detail: ofSchema ?? `The database did not answer as it should. ${tellsMore}`,
    },
  };
}

/** What there is to say of the worker; ready is one that is registered and takes jobs. */
export function workerHealth(worker: HealthWorker): Health {
  const word = worker.state === "running" && worker.id === undefined ? "registering" : worker.state;
  return {
    checks: { worker: word },
    failed:
      word === "running"
        ? undefined
        : { code: "NOT_READY", detail: `The worker of this process takes no jobs: it is ${word}.` },
  };
}
