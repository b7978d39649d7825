// Everything here is written out: a step that was applied somewhere must not change with the code around it.

const mostBytes = 1_048_576;
const mostLevels = 500;

/**
 * What a producer without Holdfast's code may pass, read as strictly as SQLite's door reads it: the same text gets the same answer
 * on both. `schema` is quoted.
 */
export function strictProducers(schema: string): string {
  return [momentOption(schema), hasInfiniteNumber(schema), checkPayload(schema)].join("\n");
}

const day = "\\d{4}-\\d\\d-\\d\\d";
const time = "([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d([.]\\d+)?)?";
const zone = "(Z|[+-](0\\d|1[0-4]):[0-5]\\d)";

/** Milliseconds since the epoch, or a time with its zone as RFC 3339 has it; what is finer than a millisecond is left out. */
function momentOption(schema: string): string {
  return `CREATE OR REPLACE FUNCTION ${schema}.moment_option(called text, value jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  ms numeric;
BEGIN
  IF jsonb_typeof(value) = 'number' THEN
    ms := round(value::numeric);
  ELSIF value #>> '{}' ~ '^${day}[T ]${time}${zone}$' THEN
    BEGIN
      ms := floor(extract(epoch FROM regexp_replace(value #>> '{}', '([.]\\d{3})\\d+', '\\1')::timestamptz) * 1000);
    EXCEPTION WHEN data_exception THEN
      ms := NULL;
    END;
  END IF;
  IF ms IS NULL OR ms NOT BETWEEN 0 AND 8640000000000000 THEN
    PERFORM ${schema}.refuse('INVALID_OPTION', format(
      'enqueue: %s must be a time with its zone, such as "2030-01-31T08:00:00Z", or milliseconds since the epoch; got %s.',
      called, ${schema}.shown(value)));
  END IF;
  RETURN ms;
END $$;`;
}

const token = "-?(\\d+(?:[.]\\d+)?)(?:[eE]([+-]?\\d+))?";

/**
 * True for JSON with a number that a double cannot hold: no handler could read it. Numbers are looked at only where one is long
 * enough; of an exponent of many digits its sign is enough.
 */
function hasInfiniteNumber(schema: string): string {
  return `CREATE FUNCTION ${schema}.has_infinite_number(written text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF written !~ '\\d[eE][+]?\\d{3}|\\d{200}' THEN
    RETURN false;
  END IF;
  RETURN EXISTS (
    SELECT FROM regexp_matches(regexp_replace(written, '"([^"\\\\]|\\\\.)*"', '""', 'g'), '${token}', 'g') AS number(part)
    WHERE CASE
      WHEN part[1] !~ '[1-9]' THEN false
      WHEN part[2] ~ '^-' AND char_length(part[2]) > 4 THEN false
      WHEN char_length(ltrim(part[2], '+0')) > 4 THEN true
      ELSE (part[1] || 'e' || coalesce(part[2], '0'))::numeric >= 1.797693134862315808e308 END);
EXCEPTION WHEN data_exception THEN
  RETURN true;
END $$;`;
}

/** \`check_payload\` of the eighth step, and numbers. */
function checkPayload(schema: string): string {
  return `CREATE OR REPLACE FUNCTION ${schema}.check_payload(payload json) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  written text := payload::text;
  opened integer := char_length(written) - char_length(translate(written, '{[', ''));
  deepest bigint;
BEGIN
  IF octet_length(written) > ${mostBytes} THEN
    PERFORM ${schema}.refuse('PAYLOAD_TOO_LARGE', format(
      'The payload is %s bytes of JSON; the limit is ${mostBytes}. Store it elsewhere and pass a reference.', octet_length(written)));
  END IF;
  IF position('\\u' IN written) > 0 THEN
    BEGIN
      PERFORM written::jsonb;
    EXCEPTION WHEN data_exception THEN
      PERFORM ${schema}.refuse('PAYLOAD_INVALID',
        'The payload is invalid: text must contain neither NUL nor half of a surrogate pair.');
    END;
  END IF;
  IF ${schema}.has_infinite_number(written) THEN
    PERFORM ${schema}.refuse('PAYLOAD_INVALID', 'The payload is invalid: a number is too large for a double.');
  END IF;
  IF opened > ${mostLevels} THEN
    SELECT max(level) INTO deepest FROM (
      SELECT sum(CASE WHEN bracket IN ('{', '[') THEN 1 ELSE -1 END) OVER (ORDER BY position) AS level
      FROM string_to_table(
        regexp_replace(regexp_replace(written, '"([^"\\\\]|\\\\.)*"', '', 'g'), '[^][{}]', '', 'g'), NULL
      ) WITH ORDINALITY AS each(bracket, position)) AS levels;
    IF deepest > ${mostLevels} THEN
      PERFORM ${schema}.refuse('PAYLOAD_INVALID', 'The payload is invalid: it is nested deeper than ${mostLevels} levels.');
    END IF;
  END IF;
END $$;`;
}
