// Everything here is written out: a step that was applied somewhere must not change with the code around it.

/** A check: what the message says, and the condition that must not hold. */
export type Refusal = readonly [message: string, when: string];

const mostText = 255;
const mostMs = 3_153_600_000_000;
const mostBytes = 1_048_576;
const mostLevels = 500;
const maxInt = 2_147_483_647;

/** A payload of one number may come as that; what else is JSON is text. */
export const payloadText = "CAST(NEW.payload AS TEXT)";

/** The value at a path of the request's options; a JSON null is as good as nothing. */
export function option(path: string): string {
  return `json_extract(NEW.options, '$.${path}')`;
}

/** The JSON type of an option; NULL for none. */
export function typeOf(path: string): string {
  return `json_type(NEW.options, '$.${path}')`;
}

/** True where an option was given. */
export function isGiven(path: string): string {
  return `coalesce(${typeOf(path)}, 'null') <> 'null'`;
}

/** Text of 1 to 255 characters without NUL; `length` stops at one. */
export function isNoName(value: string): string {
  return `(length(${value}) NOT BETWEEN 1 AND ${mostText} OR instr(${value}, char(0)) > 0)`;
}

function wrongText(path: string, called = path): Refusal {
  return [
    `INVALID_OPTION: enqueue: ${called} must be a non-empty string of at most ${mostText} characters`,
    `${isGiven(path)} AND (${typeOf(path)} <> 'text' OR ${isNoName(option(path))})`,
  ];
}

function wrongWhole(path: string, least: number, most: number, also = "0"): Refusal {
  return [
    `INVALID_OPTION: enqueue: ${path} must be a whole number from ${least} to ${most}`,
    `${isGiven(path)} AND NOT (${also}) AND (${typeOf(path)} NOT IN ('integer', 'real')
      OR ${option(path)} <> CAST(${option(path)} AS INTEGER) OR ${option(path)} NOT BETWEEN ${least} AND ${most})`,
  ];
}

function wrongWord(path: string, words: readonly string[]): Refusal {
  const list = words.map((word) => `'${word}'`).join(", ");
  return [
    `INVALID_OPTION: enqueue: ${path} must be ${words.join(" or ")}`,
    `${isGiven(path)} AND (${typeOf(path)} <> 'text' OR ${option(path)} NOT IN (${list}))`,
  ];
}

function unknownMember(place: string, object: string, known: readonly string[]): Refusal {
  const list = known.map((name) => `'${name}'`).join(", ");
  return [
    `INVALID_OPTION: ${place} has an option that does not exist; it has ${known.join(", ")}`,
    `EXISTS (SELECT 1 FROM json_each(${object}) WHERE key NOT IN (${list}))`,
  ];
}

/** The units of a duration. Written as a table, so that each option that is one need not name them all: the schema is read by every connection. */
export const durationUnits = `CREATE VIEW holdfast_unit AS SELECT column1 AS unit, column2 AS ms
  FROM (VALUES ('ms', 1), ('s', 1000), ('m', 60000), ('h', 3600000), ('d', 86400000), ('w', 604800000));`;

/** An option that is a duration, as whole milliseconds; NULL for what is none. */
export function durationOf(path: string): string {
  return `(CASE WHEN ${typeOf(path)} IN ('integer', 'real') THEN CAST(round(${option(path)}) AS INTEGER)
    WHEN ${typeOf(path)} = 'text' THEN (
      SELECT CAST(round(CAST(digits AS REAL) * ms) AS INTEGER) FROM (
        SELECT ms, substr(given, 1, length(given) - length(unit)) AS digits
        FROM (SELECT ${option(path)} AS given), holdfast_unit WHERE given GLOB '*' || unit)
      WHERE digits GLOB '[0-9]*' AND digits GLOB '*[0-9]' AND digits NOT GLOB '*[^0-9.]*' AND digits NOT GLOB '*.*.*') END)`;
}

function wrongDuration(path: string, also = "0"): Refusal {
  return [
    `INVALID_OPTION: enqueue: ${path} must be a duration such as "30s", "5m" or a number of milliseconds from 0 to 100 years`,
    `${isGiven(path)} AND NOT (${also}) AND coalesce(${durationOf(path)} NOT BETWEEN 0 AND ${mostMs}, 1)`,
  ];
}

const zoned = `(${option("runAt")} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][T ][0-9][0-9]:[0-9][0-9]*'
    AND (${option("runAt")} GLOB '*Z' OR ${option("runAt")} GLOB '*[+-][0-9][0-9]:[0-9][0-9]'))`;

/** When the job is due by `runAt`, in milliseconds since the epoch; NULL for what is no time with its zone. */
export const momentOfRunAt = `(CASE WHEN ${typeOf("runAt")} IN ('integer', 'real') THEN CAST(round(${option("runAt")}) AS INTEGER)
    WHEN ${typeOf("runAt")} = 'text' AND ${zoned}
      THEN CAST(round((julianday(${option("runAt")}) - 2440587.5) * 86400000) AS INTEGER) END)`;

const backslashes = (text: string) => `replace(${text}, '\\\\', '')`;
const lonely = Array.from({ length: 32 }, (_, low) => `(X'ED${(0xa0 + low).toString(16)}')`).join(
  ", ",
);

/** Escapes that no text can hold: NUL, and half of a surrogate pair, which SQLite reads as bytes that are no UTF-8. */
function hasBadEscape(json: string): string {
  return `instr(${json}, '\\u') > 0 AND (instr(${backslashes(json)}, '\\u0000') > 0
    OR ${json} GLOB '*\\u[dD][89a-fA-F]*' AND EXISTS (
      SELECT 1 FROM json_tree(${json}) AS part, (VALUES ${lonely}) AS half
      WHERE instr(CAST(part.atom AS BLOB), half.column1) > 0 OR instr(CAST(part.key AS BLOB), half.column1) > 0))`;
}

/** Each level is read from the one above it, and only where there are brackets enough. */
const isTooDeep = `length(${payloadText}) - length(replace(replace(${payloadText}, '{', ''), '[', '')) > ${mostLevels}
    AND EXISTS (
      WITH RECURSIVE level (depth, value) AS (
        SELECT 0, json_array(json(${payloadText}))
        UNION ALL
        SELECT depth + 1, part.value FROM level, json_each(level.value) AS part
        WHERE part.type IN ('object', 'array') AND depth <= ${mostLevels})
      SELECT 1 FROM level WHERE depth > ${mostLevels})`;

/** What must hold before the payload and the options are read as JSON at all. */
export const formRefusals: readonly Refusal[] = [
  [
    `INVALID_OPTION: enqueue: the job''s name must be a non-empty string of at most ${mostText} characters`,
    `typeof(NEW.name) <> 'text' OR ${isNoName("NEW.name")}`,
  ],
  [
    "PAYLOAD_INVALID: The payload is not JSON text",
    `typeof(NEW.payload) = 'blob' OR instr(${payloadText}, char(0)) > 0 OR NOT json_valid(${payloadText})`,
  ],
  [
    `PAYLOAD_TOO_LARGE: The payload is more than ${mostBytes} bytes of JSON. Store it elsewhere and pass a reference.`,
    `length(CAST(NEW.payload AS BLOB)) > ${mostBytes}`,
  ],
  [
    "PAYLOAD_INVALID: The payload is invalid: text must contain neither NUL nor half of a surrogate pair.",
    hasBadEscape(payloadText),
  ],
  [
    `PAYLOAD_INVALID: The payload is invalid: it is nested deeper than ${mostLevels} levels.`,
    isTooDeep,
  ],
  [
    "INVALID_OPTION: enqueue: options must be a JSON object",
    `NEW.options IS NOT NULL AND (typeof(NEW.options) <> 'text' OR instr(NEW.options, char(0)) > 0 OR NOT json_valid(NEW.options)
      OR json_type(NEW.options) <> 'object')`,
  ],
  [
    "INVALID_OPTION: enqueue: text must contain neither NUL nor half of a surrogate pair.",
    hasBadEscape("NEW.options"),
  ],
];

/** True where limits are a list. */
export const isLimits = `${typeOf("limits")} = 'array'`;
/** A member of one of the limits. */
export const memberOf = (member: string) => `json_extract(one.value, '$.${member}')`;

/** The options there are. */
export const known: readonly string[] = [
  "delay",
  "runAt",
  "priority",
  "queue",
  "unique",
  "idempotencyKey",
  "lane",
  "limits",
  "tags",
  "version",
  "attempts",
  "timeout",
];

/** What is refused because of its name. */
export function unknownOption(options: readonly string[]): Refusal {
  return unknownMember("enqueue", "NEW.options", options);
}

/** What must hold of the options. */
export const optionRefusals: readonly Refusal[] = [
  wrongWhole("version", 1, maxInt),
  wrongText("queue"),
  wrongWhole("priority", 0, 9),
  [
    "INVALID_OPTION: enqueue takes delay or runAt, not both.",
    `${isGiven("delay")} AND ${isGiven("runAt")}`,
  ],
  wrongDuration("delay"),
  [
    'INVALID_OPTION: enqueue: runAt must be a time with its zone, such as "2030-01-31T08:00:00Z", or milliseconds since the epoch',
    `${isGiven("runAt")} AND coalesce(${momentOfRunAt} NOT BETWEEN 0 AND 8640000000000000, 1)`,
  ],
  wrongWhole("attempts", 1, Number.MAX_SAFE_INTEGER, `${option("attempts")} = 'unlimited'`),
  wrongDuration("timeout", `${option("timeout")} = 'none'`),
  [
    'INVALID_OPTION: enqueue: timeout must be above 0; "none" switches it off.',
    `${isGiven("timeout")} AND ${durationOf("timeout")} = 0`,
  ],
  [
    'INVALID_OPTION: enqueue: tags must be at most 32 non-empty strings, none of which begins with "schedule:" or "tick:"',
    `${isGiven("tags")} AND (${typeOf("tags")} <> 'array' OR json_array_length(NEW.options, '$.tags') > 32
      OR EXISTS (SELECT 1 FROM json_each(NEW.options, '$.tags') WHERE type <> 'text' OR ${isNoName("value")}
        OR value GLOB 'schedule:*' OR value GLOB 'tick:*'))`,
  ],
  wrongText("lane"),
  [
    "INVALID_OPTION: enqueue: limits must be an array of at most 8 limits",
    `${isGiven("limits")} AND (NOT ${isLimits} OR json_array_length(NEW.options, '$.limits') > 8
      OR EXISTS (SELECT 1 FROM json_each(NEW.options, '$.limits') WHERE type <> 'object'))`,
  ],
  [
    "INVALID_OPTION: enqueue: a limit has scope, a text without a colon, by, a text, and weight, a whole number",
    `${isLimits} AND EXISTS (
      SELECT 1 FROM json_each(NEW.options, '$.limits') AS one
      WHERE coalesce(json_type(one.value, '$.scope'), 'null') <> 'text' OR ${isNoName(memberOf("scope"))}
        OR instr(${memberOf("scope")}, ':') > 0
        OR coalesce(json_type(one.value, '$.by'), 'null') NOT IN ('text', 'null') OR coalesce(${isNoName(memberOf("by"))}, 0)
        OR coalesce(json_type(one.value, '$.weight'), 'null') NOT IN ('integer', 'null')
        OR coalesce(${memberOf("weight")} NOT BETWEEN 1 AND ${maxInt}, 0)
        OR EXISTS (SELECT 1 FROM json_each(one.value) AS member WHERE member.key NOT IN ('scope', 'by', 'weight')))`,
  ],
  [
    "INVALID_OPTION: unique takes an object of options",
    `${isGiven("unique")} AND ${typeOf("unique")} <> 'object'`,
  ],
  [
    "INVALID_OPTION: unique has an option that does not exist; it has key, while, within, onConflict",
    `${isGiven("unique")} AND EXISTS (SELECT 1 FROM json_each(NEW.options, '$.unique')
      WHERE key NOT IN ('key', 'while', 'within', 'onConflict'))`,
  ],
  [
    `INVALID_OPTION: enqueue: unique.key must be a non-empty string of at most ${mostText} characters, or a whole number`,
    `${isGiven("unique")} AND (coalesce(${typeOf("unique.key")}, 'null') NOT IN ('text', 'integer')
      OR coalesce(${isNoName(option("unique.key"))}, 1))`,
  ],
  wrongWord("unique.while", ["unfinished", "waiting", "ever"]),
  wrongWord("unique.onConflict", ["skip", "error", "replace"]),
  wrongDuration("unique.within"),
  [
    'INVALID_OPTION: unique: onConflict "replace" rewrites only a job that does not run, so it needs while: "waiting".',
    `${option("unique.onConflict")} = 'replace' AND coalesce(${option("unique.while")}, '') <> 'waiting'`,
  ],
  [
    `INVALID_OPTION: idempotencyKey must be 1 to ${mostText} characters without NUL, or { key, keep }`,
    `${isGiven("idempotencyKey")} AND CASE ${typeOf("idempotencyKey")}
      WHEN 'text' THEN ${isNoName(option("idempotencyKey"))}
      WHEN 'object' THEN coalesce(${typeOf("idempotencyKey.key")}, 'null') <> 'text' OR ${isNoName(option("idempotencyKey.key"))}
        OR EXISTS (SELECT 1 FROM json_each(NEW.options, '$.idempotencyKey') WHERE key NOT IN ('key', 'keep'))
      ELSE 1 END`,
  ],
  wrongDuration("idempotencyKey.keep"),
];
