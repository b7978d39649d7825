import { HoldfastError } from "../../core/errors.ts";
import { maxDepth } from "../../core/json.ts";
import { JsonText } from "../../core/json-text.ts";
import { isDeeper } from "../json/is-deeper.ts";
import { parseJson } from "../json/parse-json.ts";

/**
 * A payload of its JSON text, integers exact.
 *
 * @throws {HoldfastError} `PAYLOAD_INVALID`, with the place where the text stops being JSON.
 */
export function readPayload(text: string): JsonText {
  if (isDeeper(text, maxDepth)) {
    const message = `The payload is nested deeper than ${maxDepth} levels.`;
    throw new HoldfastError("PAYLOAD_INVALID", message);
  }
  const parsed = parseJson(text);
  if ("node" in parsed) return new JsonText(text);
  const { at, message } = parsed;
  const before = text.slice(0, at).split("\n");
  const line = before.length;
  const column = (before.at(-1)?.length ?? 0) + 1;
  throw new HoldfastError(
    "PAYLOAD_INVALID",
    `The payload is no JSON: at line ${line}, column ${column} ${message}.`,
    { details: { at, line, column } },
  );
}
