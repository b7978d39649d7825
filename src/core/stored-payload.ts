import type { AnyJobDefinition } from "./job-request.ts";
import { validate } from "./validate.ts";

/**
 * What the handler of a stored payload is given: brought up from an older version, then validated, so that the schema's
 * transforms apply. A promise only when the upgrade is there to be called or the schema is asynchronous.
 *
 * @throws {HoldfastError} `PAYLOAD_INVALID` with every issue; what the upgrade throws.
 */
export function readStoredPayload(
  definition: Pick<AnyJobDefinition, "name" | "version" | "upgrade" | "payload">,
  stored: unknown,
  version: number,
): unknown {
  const { name, upgrade, payload } = definition;
  const check = (input: unknown): unknown =>
    validate(payload, input, `payload of ${name}`, "PAYLOAD_INVALID");
  const old = version < definition.version && upgrade !== undefined;
  return old ? Promise.resolve(upgrade(stored, version)).then(check) : check(stored);
}
