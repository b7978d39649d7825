import { parseJson } from "../../../../src/dashboard/json/parse-json.ts";
import { printJson } from "../../../../src/dashboard/json/print-json.ts";

/** JSON text with line breaks, for people to edit; text that is none stays as it is. */
export function readableJson(text: string): string {
  const parsed = parseJson(text);
  return "node" in parsed ? printJson(parsed.node, 2) : text;
}
