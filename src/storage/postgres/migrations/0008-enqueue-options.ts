// Everything here is written out: a step that was applied somewhere must not change with the code around it.

/** How long text that names something may be, in characters. */
const mostText = 255;
const mostMs = 3_153_600_000_000;

/**
 * Reads what a producer without Holdfast's code asks for, by the rules of `client.enqueue`. What is wrong is an error whose
 * message begins with the code that the client would throw.
 */
export function enqueueOptionFunctions(schema: string): string {
  return [
    refuse(schema),
    shown(schema),
    onlyKnown(schema),
    textOption(schema),
    wholeOption(schema),
    wordOption(schema),
    durationOption(schema),
    momentOption(schema),
    tagsOption(schema),
    gatesOption(schema),
    policyOption(schema),
  ].join("\n");
}

/** The states of the error suit what an application already handles: a wrong value, something too large, a key that is taken, a lock. */
function refuse(schema: string): string {
  return `CREATE FUNCTION ${schema}.refuse(code text, what text, more text DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  state text := CASE code
    WHEN 'UNIQUE_CONFLICT' THEN '23505' WHEN 'UNIQUE_BUSY' THEN '55P03' WHEN 'PAYLOAD_TOO_LARGE' THEN '54000' ELSE '22023' END;
BEGIN
  IF more IS NULL THEN
    RAISE EXCEPTION USING MESSAGE = code || ': ' || what, ERRCODE = state;
  END IF;
  RAISE EXCEPTION USING MESSAGE = code || ': ' || what, DETAIL = more, ERRCODE = state;
END $$;`;
}

/** A value as a message shows it. */
function shown(schema: string): string {
  return `CREATE FUNCTION ${schema}.shown(value jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS
  'SELECT CASE jsonb_typeof(value) WHEN ''object'' THEN ''an object'' WHEN ''array'' THEN ''an array''
    ELSE left(value::text, 80) END';`;
}

/** The members of an object that were given: null counts as left out. Others than the known ones are refused. */
function onlyKnown(schema: string): string {
  return `CREATE FUNCTION ${schema}.only_known(place text, value jsonb, known text[]) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  stranger text;
BEGIN
  IF jsonb_typeof(value) <> 'object' THEN
    PERFORM ${schema}.refuse('INVALID_OPTION', format('%s takes an object of options; got %s.', place, ${schema}.shown(value)));
  END IF;
  SELECT k.given INTO stranger FROM jsonb_object_keys(value) AS k(given) WHERE k.given <> ALL (known) LIMIT 1;
  IF FOUND THEN
    PERFORM ${schema}.refuse('INVALID_OPTION',
      format('%s has no option %s; it has %s.', place, to_json(left(stranger, 80)), array_to_string(known, ', ')));
  END IF;
  RETURN coalesce((SELECT jsonb_object_agg(m.key, m.value) FROM jsonb_each(value) AS m WHERE m.value <> 'null'), '{}');
END $$;`;
}

function textOption(schema: string): string {
  return `CREATE FUNCTION ${schema}.text_option(called text, value jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  IF jsonb_typeof(value) <> 'string' OR char_length(value #>> '{}') NOT BETWEEN 1 AND ${mostText} THEN
    PERFORM ${schema}.refuse('INVALID_OPTION', format(
      'enqueue: %s must be a non-empty string of at most ${mostText} characters; got %s.', called, ${schema}.shown(value)));
  END IF;
  RETURN value #>> '{}';
END $$;`;
}

function wholeOption(schema: string): string {
  return `CREATE FUNCTION ${schema}.whole_option(called text, value jsonb, lowest bigint, highest bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
BEGIN
  IF jsonb_typeof(value) <> 'number' OR value::numeric % 1 <> 0 OR value::numeric NOT BETWEEN lowest AND highest THEN
    PERFORM ${schema}.refuse('INVALID_OPTION', format(
      'enqueue: %s must be a whole number from %s to %s; got %s.', called, lowest, highest, ${schema}.shown(value)));
  END IF;
  RETURN value::numeric::bigint;
END $$;`;
}

function wordOption(schema: string): string {
  return `CREATE FUNCTION ${schema}.word_option(called text, value jsonb, words text[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  IF jsonb_typeof(value) <> 'string' OR value #>> '{}' <> ALL (words) THEN
    PERFORM ${schema}.refuse('INVALID_OPTION', format(
      'enqueue: %s must be %s; got %s.', called, array_to_string(words, ' or '), ${schema}.shown(value)));
  END IF;
  RETURN value #>> '{}';
END $$;`;
}

/** A duration such as "10m", or a number of milliseconds, as whole milliseconds. */
function durationOption(schema: string): string {
  return `CREATE FUNCTION ${schema}.duration_option(called text, value jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  part text[];
  ms numeric;
BEGIN
  IF jsonb_typeof(value) = 'number' THEN
    ms := value::numeric;
  ELSIF jsonb_typeof(value) = 'string' AND char_length(value #>> '{}') <= 40 THEN
    part := regexp_match(value #>> '{}', '^([0-9]+(?:[.][0-9]+)?)(ms|s|m|h|d|w)$');
    ms := part[1]::numeric * CASE part[2]
      WHEN 'ms' THEN 1 WHEN 's' THEN 1000 WHEN 'm' THEN 60000 WHEN 'h' THEN 3600000 WHEN 'd' THEN 86400000 ELSE 604800000 END;
  END IF;
  IF ms IS NULL OR ms NOT BETWEEN 0 AND ${mostMs} THEN
    PERFORM ${schema}.refuse('INVALID_OPTION', format(
      '%s must be a duration such as "30s", "5m" or a number of milliseconds from 0 to 100 years; got %s.',
      called, ${schema}.shown(value)));
  END IF;
  RETURN round(ms);
END $$;`;
}

/** Milliseconds since the epoch, or text such as to_jsonb(now()) gives: with a zone, so that it means the same everywhere. */
function momentOption(schema: string): string {
  return `CREATE FUNCTION ${schema}.moment_option(called text, value jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  ms numeric;
BEGIN
  IF jsonb_typeof(value) = 'number' THEN
    ms := round(value::numeric);
  ELSIF value #>> '{}' ~ '^\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d(:\\d\\d([.]\\d+)?)?(Z|[+-]\\d\\d(:?\\d\\d)?)$' THEN
    BEGIN
      ms := floor(extract(epoch FROM (value #>> '{}')::timestamptz) * 1000);
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

/** NULL for no tags, as rows have it. Tags of schedules are theirs alone. */
function tagsOption(schema: string): string {
  return `CREATE FUNCTION ${schema}.tags_option(value jsonb) RETURNS json LANGUAGE plpgsql AS $$
BEGIN
  IF jsonb_typeof(value) <> 'array' OR jsonb_array_length(CASE jsonb_typeof(value) WHEN 'array' THEN value ELSE '[]' END) > 32 THEN
    PERFORM ${schema}.refuse('INVALID_OPTION',
      format('enqueue: tags must be at most 32 non-empty strings; got %s.', ${schema}.shown(value)));
  END IF;
  IF EXISTS (SELECT FROM jsonb_array_elements(value) AS t(tag)
      WHERE ${schema}.text_option('every tag', t.tag) ~ '^(schedule|tick):') THEN
    PERFORM ${schema}.refuse('INVALID_OPTION', 'enqueue: a tag must not begin with "schedule:" or "tick:".');
  END IF;
  RETURN nullif(value, '[]')::json;
END $$;`;
}

/** The gates of core/gate.ts: \`lane:<lane>\` and \`limit:<scope>[:<by>]\`, sorted, each named once; NULL for none. */
function gatesOption(schema: string): string {
  return `CREATE FUNCTION ${schema}.gates_option(lane jsonb, limits jsonb) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
  entry jsonb;
  scope text;
  gates text[] := '{}';
  weights bigint[] := '{}';
BEGIN
  IF lane IS NOT NULL THEN
    gates := ARRAY['lane:' || ${schema}.text_option('lane', lane)];
    weights := ARRAY[1];
  END IF;
  IF limits IS NOT NULL THEN
    IF jsonb_typeof(limits) <> 'array' OR jsonb_array_length(CASE jsonb_typeof(limits) WHEN 'array' THEN limits ELSE '[]' END) > 8 THEN
      PERFORM ${schema}.refuse('INVALID_OPTION',
        format('enqueue: limits must be an array of at most 8 limits; got %s.', ${schema}.shown(limits)));
    END IF;
    FOR entry IN SELECT * FROM jsonb_array_elements(limits) LOOP
      entry := ${schema}.only_known('limits', entry, '{scope,by,weight}');
      scope := ${schema}.text_option('limits: scope', coalesce(entry -> 'scope', 'null'));
      IF position(':' IN scope) > 0 THEN
        PERFORM ${schema}.refuse('INVALID_OPTION', format('enqueue: a limit''s scope has no colon; got %s.', to_json(scope)));
      END IF;
      gates := gates || ('limit:' || scope || CASE WHEN entry ? 'by'
        THEN ':' || ${schema}.text_option('limits: by', entry -> 'by') ELSE '' END);
      weights := weights || ${schema}.whole_option('limits: weight', coalesce(entry -> 'weight', '1'), 1, 2147483647);
    END LOOP;
  END IF;
  RETURN (SELECT json_agg(json_build_object('gate', g.gate, 'weight', g.weight) ORDER BY g.gate COLLATE "C")
    FROM (SELECT t.gate, least(sum(t.weight), 2147483647) AS weight FROM unnest(gates, weights) AS t(gate, weight)
      GROUP BY t.gate) AS g);
END $$;`;
}

/** NULL for the default policy, as rows have it. */
function policyOption(schema: string): string {
  return `CREATE FUNCTION ${schema}.policy_option(attempts jsonb, timeout jsonb) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
  runs bigint := 20;
  ms bigint := 3600000;
BEGIN
  IF attempts = '"unlimited"' THEN
    runs := NULL;
  ELSIF attempts IS NOT NULL THEN
    runs := ${schema}.whole_option('attempts ("unlimited", or a number)', attempts, 1, 9007199254740991);
  END IF;
  IF timeout = '"none"' THEN
    ms := NULL;
  ELSIF timeout IS NOT NULL THEN
    ms := ${schema}.duration_option('enqueue: timeout', timeout);
    IF ms = 0 THEN
      PERFORM ${schema}.refuse('INVALID_OPTION', 'enqueue: timeout must be above 0; "none" switches it off.');
    END IF;
  END IF;
  IF runs = 20 AND ms = 3600000 THEN
    RETURN NULL;
  END IF;
  RETURN json_build_object('attempts', runs, 'minMs', 1000, 'maxMs', 3600000, 'factor', 2, 'jitter', 0.2,
    'warnAttempts', 3, 'resetAfter', 3, 'maxCrashes', NULL, 'timeoutMs', ms);
END $$;`;
}
