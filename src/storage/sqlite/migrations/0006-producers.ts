import {
  formRefusals,
  isGiven,
  isLimits,
  isNoName,
  memberOf,
  option,
  optionRefusals,
  payloadText,
  type Refusal,
  typeOf,
} from "./0005-enqueue-options.ts";
import type { Reading } from "./0005-enqueue.ts";

// Everything here is written out: a step that was applied somewhere must not change with the code around it.

const mostText = 255;
const maxInt = 2_147_483_647;
const maxSafe = Number.MAX_SAFE_INTEGER;

const runAt = option("runAt");

/** A time with its zone as RFC 3339 has it, on a day that is one; what is finer than a millisecond is left out. */
const moment = `(CASE WHEN ${typeOf("runAt")} IN ('integer', 'real') THEN CAST(round(${runAt}) AS INTEGER)
    WHEN ${typeOf("runAt")} = 'text' THEN (
      SELECT CAST(round((julianday(day || 'T' || minute || substr(rest, 1, 7) || zone) - 2440587.5) * 86400000) AS INTEGER)
      FROM (SELECT *, substr(given, 17, length(given) - 16 - length(zone)) AS rest FROM (
        SELECT given, substr(given, 1, 10) AS day, substr(given, 12, 5) AS minute,
          CASE WHEN given GLOB '*Z' THEN 'Z' ELSE substr(given, -6) END AS zone
        FROM (SELECT ${runAt} AS given)))
      WHERE day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND date(day) = day AND substr(given, 11, 1) IN ('T', ' ')
        AND minute GLOB '[0-2][0-9]:[0-5][0-9]' AND minute < '24'
        AND (zone = 'Z' OR zone GLOB '[+-][01][0-9]:[0-5][0-9]' AND substr(zone, 2) < '15')
        AND (rest = '' OR rest GLOB ':[0-5][0-9]'
          OR rest GLOB ':[0-5][0-9].[0-9]*' AND substr(rest, 5) NOT GLOB '*[^0-9]*')) END)`;

const numbers = "('integer', 'real')";

function isNoWhole(value: string, least: number, most: number): string {
  return `${value} <> CAST(${value} AS INTEGER) OR ${value} NOT BETWEEN ${least} AND ${most}`;
}

const key = option("unique.key");
const keyType = typeOf("unique.key");

/** Numbers that a double cannot hold are looked for only where one is long enough. */
const isInfinite = `(${payloadText} GLOB '*[0-9][eE][0-9][0-9][0-9]*' OR ${payloadText} GLOB '*[0-9][eE]+[0-9][0-9][0-9]*'
      OR ${payloadText} GLOB '*' || replace(hex(zeroblob(100)), '0', '[0-9]') || '*')
    AND EXISTS (SELECT 1 FROM json_tree(${payloadText}) WHERE type IN ${numbers} AND abs(atom) > 1.7976931348623157e308)`;

/** Refusals whose condition is another one now, by their messages. */
const stricter: Readonly<Record<string, string>> = {
  'INVALID_OPTION: enqueue: runAt must be a time with its zone, such as "2030-01-31T08:00:00Z", or milliseconds since the epoch': `${isGiven("runAt")} AND coalesce(${moment} NOT BETWEEN 0 AND 8640000000000000, 1)`,
  "INVALID_OPTION: enqueue: a limit has scope, a text without a colon, by, a text, and weight, a whole number": `${isLimits} AND EXISTS (
      SELECT 1 FROM json_each(NEW.options, '$.limits') AS one
      WHERE coalesce(json_type(one.value, '$.scope'), 'null') <> 'text' OR ${isNoName(memberOf("scope"))}
        OR instr(${memberOf("scope")}, ':') > 0
        OR coalesce(json_type(one.value, '$.by'), 'null') NOT IN ('text', 'null') OR coalesce(${isNoName(memberOf("by"))}, 0)
        OR coalesce(json_type(one.value, '$.weight'), 'null') NOT IN ('integer', 'real', 'null')
        OR coalesce(${isNoWhole(memberOf("weight"), 1, maxInt)}, 0)
        OR EXISTS (SELECT 1 FROM json_each(one.value) AS member WHERE member.key NOT IN ('scope', 'by', 'weight')))`,
  [`INVALID_OPTION: enqueue: unique.key must be a non-empty string of at most ${mostText} characters, or a whole number`]: `${isGiven("unique")} AND CASE WHEN ${keyType} = 'text' THEN ${isNoName(key)}
      WHEN ${keyType} IN ${numbers} THEN ${isNoWhole(key, -maxSafe, maxSafe)} ELSE 1 END`,
};

/** What a producer without Holdfast's code may pass, read as strictly as PostgreSQL's door reads it: the same text gets the same answer on both. */
export const strictReading: Reading = {
  formRefusals: formRefusals.flatMap((refusal): readonly Refusal[] =>
    refusal[0].includes("nested deeper")
      ? [
          refusal,
          [
            "PAYLOAD_INVALID: The payload is invalid: a number is too large for a double.",
            isInfinite,
          ],
        ]
      : [refusal],
  ),
  optionRefusals: optionRefusals.map(([message, when]) => [message, stricter[message] ?? when]),
  moment,
  uniqueKey: `CASE WHEN ${keyType} IN ${numbers} THEN CAST(CAST(${key} AS INTEGER) AS TEXT) ELSE ${key} END`,
  weight: `CAST(${memberOf("weight")} AS INTEGER)`,
};
