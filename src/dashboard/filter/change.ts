import { writeText } from "./write-value.ts";
import { tokenise } from "./tokenise.ts";

/**
 * The text with one condition on a field, where it stood first, in place of all there are; without values, with none of them. The
 * field may have a path, `payload.user.id`, as it is written.
 */
export function setField(text: string, field: string, values: readonly string[]): string {
  return replaceField(
    text,
    field,
    values.length === 0 ? "" : `${field}:${values.map(writeText).join(",")}`,
  );
}

/** The text without the condition or word that a token is. */
export function removeToken(
  text: string,
  { from, to }: { readonly from: number; readonly to: number },
): string {
  return [text.slice(0, from).trimEnd(), text.slice(to).trimStart()].filter(Boolean).join(" ");
}

function replaceField(text: string, field: string, condition: string): string {
  const parts: string[] = [];
  let placed = false;
  for (const token of tokenise(text)) {
    const written = text.slice(token.from + (token.negated ? 1 : 0), token.valuesFrom - 1);
    const isIt = token.field !== null && written === field;
    if (!isIt) parts.push(text.slice(token.from, token.to));
    else if (!placed) {
      placed = true;
      parts.push(condition);
    }
  }
  if (!placed) parts.push(condition);
  return parts.filter(Boolean).join(" ");
}
