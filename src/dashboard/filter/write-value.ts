/** How a payload's scalars are written: numbers, `true`, `false` and `null` as they are, and everything else is text. */
export type Scalar = string | number | boolean | null;

/** Numbers and words that mean themselves in a payload unless they stand in quotes. */
const literal = /^(-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?|true|false|null)$/;

/** True for text that means a number, a boolean or null. */
export function isLiteral(text: string): boolean {
  return literal.test(text);
}

/** Text as it is written after a colon: in quotes where it would be taken for something else. */
export function writeText(text: string): string {
  return text === "" || /[\s",]|^[<>~]/.test(text) ? quote(text) : text;
}

/** A scalar of a payload as it is written after a colon. */
export function writeScalar(value: Scalar): string {
  if (typeof value !== "string") return JSON.stringify(value);
  return isLiteral(value) ? quote(value) : writeText(value);
}

/** One key of a path. */
export function writeKey(key: string): string {
  return /^[\w$-]+$/u.test(key) ? key : quote(key);
}

/** Text in quotes. */
export function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}
