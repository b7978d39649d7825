import { HoldfastError } from "../../../core/errors.ts";
import type { NamedValues, SqlValue } from "./handle.ts";

/**
 * Turns `$1..$n` parameters into named ones, so that one may be used twice. Booleans become 0 and 1, `undefined` NULL.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for a value SQLite cannot keep, or a number of values the SQL does not ask for.
 */
export function bindParams(sql: string, params: readonly unknown[]): NamedValues {
  const asked = highestParameter(sql);
  if (asked !== params.length) {
    throw new HoldfastError(
      "INVALID_OPTION",
      `The statement uses parameters up to $${asked}, but was given ${params.length} values.`,
    );
  }
  return Object.fromEntries(
    params.map((value, index) => [`${index + 1}`, toSql(value, index + 1)]),
  );
}

/** Text in quotes and comments is not looked at. */
function highestParameter(sql: string): number {
  const code = sql.replaceAll(/'[^']*'|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\//g, " ");
  return Math.max(0, ...Array.from(code.matchAll(/\$(\d+)/g), (match) => Number(match[1])));
}

function toSql(value: unknown, position: number): SqlValue {
  if (value === undefined || value === null) return null;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint")
    return value;
  if (value instanceof Uint8Array) return value;
  throw new HoldfastError(
    "INVALID_OPTION",
    `SQLite cannot keep the value of $${position}: pass text, a number, a BigInt, a boolean, bytes or null (a Date as milliseconds or ISO text).`,
  );
}
