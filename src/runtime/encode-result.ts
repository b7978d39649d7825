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
 * Checks a result against its schema and writes it as JSON; a promise only when the schema is asynchronous.
 *
 * @throws {HoldfastError} `RESULT_INVALID`, `PAYLOAD_TOO_LARGE`.
 */
export function encodeResult(
  definition: AnyJobDefinition,
  value: unknown,
): string | Promise<string> {
  const called = `result of ${definition.name}`;
  const checked = validate(definition.result, value, called, "RESULT_INVALID");
  return checked instanceof Promise
    ? checked.then((output) => encodeJson(output, resultRole))
    : encodeJson(checked, resultRole);
}
