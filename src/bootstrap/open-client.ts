import type { ClientSettings } from "../client/client-options.ts";
import { createClient } from "../client/create-client.ts";
import type { Client } from "../core/client.ts";
import { isHoldfastError } from "../core/errors.ts";
import { unreachable } from "./state-errors.ts";
import type { NamedUrl } from "./state-urls.ts";

/**
 * A client for the jobs at a URL. What a database answers that can be reached, such as that something is not allowed, stays as it is.
 *
 * @throws {HoldfastError} `STATE_UNREACHABLE`, `STORAGE_*`, `SCHEMA_*`, `INVALID_OPTION`, `DRIVER_MISSING`.
 */
export async function openClient(url: NamedUrl, settings: ClientSettings): Promise<Client> {
  try {
    return await createClient(url.value, settings);
  } catch (error) {
    throw isHoldfastError(error) && error.family === "storage" && error.retryable
      ? unreachable("The database of the jobs", url.name, url.value, error)
      : error;
  }
}
