/**
 * How long a token is good, as issuers write it: a number, or the same as text. `undefined` where nothing is said, `NaN` for
 * anything else.
 */
export function readSeconds(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string" && /^\d+(\.\d+)?$/.test(value)) return Number(value);
  return typeof value === "number" ? value : Number.NaN;
}
