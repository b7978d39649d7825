import { defaults } from "../core/defaults.ts";
import type { AnyJobDefinition } from "../core/job-request.ts";
import { encodeJson, type JsonRole } from "../core/json.ts";
import { validate } from "../core/validate.ts";

const resultRole: JsonRole = {
  called: "result",
  invalid: "RESULT_INVALID",
  maxBytes: defaults.resultBytes,
};

/**
 * Checks a result against its schema and writes it as JSON.
 *
 * @throws {HoldfastError} `RESULT_INVALID`, `PAYLOAD_TOO_LARGE`.
 */
export async function encodeResult(definition: AnyJobDefinition, value: unknown): Promise<string> {
  const called = `result of ${definition.name}`;
  return encodeJson(await validate(definition.result, value, called, "RESULT_INVALID"), resultRole);
}
