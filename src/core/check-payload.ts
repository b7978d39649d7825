import { isHoldfastError } from "./errors.ts";
import type { Job } from "./job.ts";
import type { AnyJobDefinition } from "./job-request.ts";
import { readStoredPayload } from "./stored-payload.ts";

/** A queued job that today's definition would not run, and why. */
export interface RejectedPayload {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  /** `too-new`: it waits for newer code. `invalid`: it would be discarded. `upgrade-failed`: its attempts would fail. */
  readonly kind: "too-new" | "invalid" | "upgrade-failed";
  readonly message: string;
}

/** Looks at a queued payload as the worker will; `undefined` when it would be run. */
export async function checkPayload(
  definition: AnyJobDefinition,
  { id, name, version, payload }: Job,
): Promise<RejectedPayload | undefined> {
  if (version > definition.version) {
    const message = `Its payload has version ${version}; the definition knows ${definition.version}.`;
    return { id, name, version, kind: "too-new", message };
  }
  try {
    await readStoredPayload(definition, payload, version);
    return undefined;
  } catch (error) {
    const kind = isHoldfastError(error, "PAYLOAD_INVALID") ? "invalid" : "upgrade-failed";
    return {
      id,
      name,
      version,
      kind,
      message: error instanceof Error ? error.message : String(error),
    };
  }
}
