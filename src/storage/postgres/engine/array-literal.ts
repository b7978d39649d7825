/** Numbers, or ids as text, as an array the database reads; much cheaper than escaping each as text. */
export function numberArray(values: readonly (number | string | null)[]): string {
  return `{${values.map((value) => value ?? "NULL").join()}}`;
}

/** Texts as an array the database reads; `null` when there is none, which unnests to NULLs beside other arrays. */
export function textArray(values: readonly (string | null)[]): string | null {
  if (values.every((value) => value === null)) return null;
  return `{${values.map((value) => (value === null ? "NULL" : quoted(value))).join()}}`;
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
