import type { ClientSettings } from "../client/client-options.ts";
import { createClient } from "../client/create-client.ts";
import type { Client } from "../core/client.ts";
import { type HoldfastError, isHoldfastError } from "../core/errors.ts";
import { type Environment, readNamed } from "./environment.ts";
import { unreachable } from "./state-errors.ts";

/**
 * A client for the jobs that the environment names; `undefined` where it names none.
 *
 * @throws {HoldfastError} `STATE_UNREACHABLE`, `SCHEMA_*`, `INVALID_OPTION`, `DRIVER_MISSING`.
 */
export async function openClient(
  env: Environment,
  settings: ClientSettings,
): Promise<Client | undefined> {
  const named = readNamed(env, "jobsUrl");
  if (named === undefined) return undefined;
  try {
    return await createClient(named.value, settings);
  } catch (error) {
    throw isHoldfastError(error) && isOutage(error)
      ? unreachable("The database of the jobs", named.name, error)
      : error;
  }
}

function isOutage({ code, family }: HoldfastError): boolean {
  return family === "storage" && code.startsWith("STORAGE_");
}
