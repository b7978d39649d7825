import { enqueueKeyFunctions } from "./0008-enqueue-keys.ts";
import { enqueueOptionFunctions } from "./0008-enqueue-options.ts";

// Everything here is written out: a step that was applied somewhere must not change with the code around it.

const mostBytes = 1_048_576;
const mostLevels = 500;
/** A job due later than this is found by those who promote before it is due. */
const soonMs = 20_000;

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

/**
 * The door for producers without Holdfast's code: triggers, other languages, psql. It is described in
 * docs/guides/producers.md, and does what \`client.enqueue\` does for a job known by name.
 */
export function enqueueContract(schema: string): string {
  return [
    requestType(schema),
    enqueueOptionFunctions(schema),
    checkPayload(schema),
    readUnique(schema),
    readRequest(schema, known),
    enqueueKeyFunctions(schema),
    storeRequest(schema, stored),
    enqueueRequest(schema),
    enqueue(schema, "json"),
    enqueue(schema, "jsonb"),
    enqueueText(schema),
  ].join("\n");
}

/** A request that was read and found right. */
function requestType(schema: string): string {
  return `CREATE TYPE ${schema}.request AS (name text, payload json, version integer, queue text, priority smallint,
  created_at bigint, run_at bigint, policy json, tags json, gates json,
  unique_key text, unique_while text, until bigint, on_conflict text, request_key text, kept_ms bigint);`;
}

/**
 * Refuses what the client would not have written. A json value keeps escapes that no text can hold, which jsonb does not; how
 * deep it is nested is looked at only where there are brackets enough.
 */
function checkPayload(schema: string): string {
  return `CREATE FUNCTION ${schema}.check_payload(payload json) RETURNS void LANGUAGE plpgsql AS $$
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

/** Fills in what the options say about keys. */
function readUnique(schema: string): string {
  return `CREATE FUNCTION ${schema}.read_keys(INOUT asked ${schema}.request, options jsonb) LANGUAGE plpgsql AS $$
DECLARE
  rule jsonb := options -> 'unique';
  key jsonb := options -> 'idempotencyKey';
BEGIN
  IF rule IS NOT NULL THEN
    rule := ${schema}.only_known('unique', rule, '{key,while,within,onConflict}');
    asked.unique_key := CASE jsonb_typeof(rule -> 'key') WHEN 'number'
      THEN ${schema}.whole_option('unique.key', rule -> 'key', -9007199254740991, 9007199254740991)::text
      ELSE ${schema}.text_option('unique.key', coalesce(rule -> 'key', 'null')) END;
    asked.unique_while :=
      ${schema}.word_option('unique.while', coalesce(rule -> 'while', '"unfinished"'), '{unfinished,waiting,ever}');
    asked.on_conflict :=
      ${schema}.word_option('unique.onConflict', coalesce(rule -> 'onConflict', '"skip"'), '{skip,error,replace}');
    IF rule ? 'within' THEN
      asked.until := asked.created_at + ${schema}.duration_option('unique.within', rule -> 'within');
    END IF;
    IF asked.on_conflict = 'replace' AND asked.unique_while <> 'waiting' THEN
      PERFORM ${schema}.refuse('INVALID_OPTION',
        'unique: onConflict "replace" rewrites only a job that does not run, so it needs while: "waiting".');
    END IF;
  END IF;
  IF key IS NOT NULL THEN
    IF jsonb_typeof(key) = 'object' THEN
      key := ${schema}.only_known('idempotencyKey', key, '{key,keep}');
    ELSE
      key := jsonb_build_object('key', key);
    END IF;
    asked.request_key := ${schema}.text_option('idempotencyKey', coalesce(key -> 'key', 'null'));
    asked.kept_ms := ${schema}.duration_option('idempotencyKey.keep', coalesce(key -> 'keep', '"24h"'));
  END IF;
END $$;`;
}

/** `more` reads what a later step has added. */
export function readRequest(schema: string, options: readonly string[], more = ""): string {
  const option = (name: string) => `given -> '${name}'`;
  return `CREATE FUNCTION ${schema}.read_request(job_name text, payload json, options jsonb) RETURNS ${schema}.request
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  given jsonb := ${schema}.only_known('enqueue', options, '{${options.join(",")}}');
  asked ${schema}.request;
BEGIN
  asked.name := ${schema}.text_option('the job''s name', coalesce(to_jsonb(job_name), 'null'));
  asked.payload := coalesce(payload, 'null');
  PERFORM ${schema}.check_payload(asked.payload);
  asked.version := ${schema}.whole_option('version', coalesce(${option("version")}, '1'), 1, 2147483647);
  asked.queue := ${schema}.text_option('queue', coalesce(${option("queue")}, '"default"'));
  asked.priority := ${schema}.whole_option('priority', coalesce(${option("priority")}, '5'), 0, 9);
  asked.created_at := floor(extract(epoch FROM clock_timestamp()) * 1000);
  asked.run_at := asked.created_at;
  IF given ? 'delay' AND given ? 'runAt' THEN
    PERFORM ${schema}.refuse('INVALID_OPTION', 'enqueue takes delay or runAt, not both.');
  ELSIF given ? 'delay' THEN
    asked.run_at := asked.created_at + ${schema}.duration_option('delay', ${option("delay")});
  ELSIF given ? 'runAt' THEN
    asked.run_at := greatest(asked.created_at, ${schema}.moment_option('runAt', ${option("runAt")}));
  END IF;
  asked.policy := ${schema}.policy_option(${option("attempts")}, ${option("timeout")});
  IF given ? 'tags' THEN
    asked.tags := ${schema}.tags_option(${option("tags")});
  END IF;
  IF given ?| '{lane,limits}' THEN
    asked.gates := ${schema}.gates_option(${option("lane")}, ${option("limits")});
  END IF;
  IF given ?| '{unique,idempotencyKey}' THEN
    asked := ${schema}.read_keys(asked, given);
  END IF;${more}
  RETURN asked;
END $$;`;
}

/** The columns of a new job, and what they are for a request. */
export const stored = {
  columns:
    "id, created_at, run_at, version, priority, name, queue, unique_key, unique_while, payload, policy, tags, gates",
  values: `job_id, asked.created_at, asked.run_at, asked.version, asked.priority, asked.name, asked.queue, asked.unique_key,
      asked.unique_while, asked.payload, asked.policy, asked.tags, asked.gates`,
};

/**
 * Stores a new job where it belongs, and counts it.
 *
 * Index walked: none, two are written. Rows locked: none but the new one. Race: none, its id and order number come from sequences.
 */
export function storeRequest(schema: string, { columns, values }: typeof stored): string {
  const seq = `nextval('${schema}.job_seq')`;
  return `CREATE FUNCTION ${schema}.store_request(job_id bigint, asked ${schema}.request) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  INSERT INTO ${schema}.stat_line (at, queue, name, tally)
    VALUES (asked.created_at - asked.created_at % 60000, asked.queue, asked.name, 'e1');
  IF asked.run_at > asked.created_at THEN
    INSERT INTO ${schema}.later (${columns}, retrying)
      VALUES (${values}, false);
  ELSIF asked.gates IS NOT NULL THEN
    INSERT INTO ${schema}.blocked (${columns}, seq, gate)
      VALUES (${values}, ${seq}, asked.gates -> 0 ->> 'gate');
  ELSE
    INSERT INTO ${schema}.live (${columns}, seq, slot)
      VALUES (${values}, ${seq}, ${schema}.slot());
  END IF;
END $$;`;
}

/**
 * Enqueues. Idempotency keys come before unique ones, as with everybody, so that no two enqueues wait for each other in a circle.
 * Word of it is a row of \`hint\`, whose trigger wakes idle workers with the caller's commit, and with nothing but that.
 */
function enqueueRequest(schema: string): string {
  return `CREATE FUNCTION ${schema}.enqueue_request(asked ${schema}.request, OUT id bigint, OUT outcome text)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  recalled bigint;
BEGIN
  id := nextval('${schema}.job_id');
  outcome := 'enqueued';
  IF asked.request_key IS NOT NULL OR asked.unique_key IS NOT NULL THEN
    BEGIN
      IF asked.request_key IS NOT NULL THEN
        recalled := ${schema}.recall_request(asked, id);
        IF recalled IS NOT NULL THEN
          id := recalled;
          outcome := 'existing';
          RETURN;
        END IF;
      END IF;
      IF asked.unique_key IS NOT NULL THEN
        SELECT t.holder, t.outcome INTO id, outcome FROM ${schema}.take_key(asked, id) t;
      END IF;
      IF asked.request_key IS NOT NULL AND outcome <> 'enqueued' THEN
        UPDATE ${schema}.idempotency k SET job = enqueue_request.id WHERE k.name = asked.name AND k.key = asked.request_key;
      END IF;
    EXCEPTION WHEN lock_not_available THEN
      PERFORM ${schema}.refuse('UNIQUE_BUSY', 'A unique key stayed locked by another open transaction. Try again.');
    END;
  END IF;
  IF outcome = 'enqueued' THEN
    PERFORM ${schema}.store_request(id, asked);
  END IF;
  IF outcome <> 'existing' AND asked.run_at < asked.created_at + ${soonMs} THEN
    INSERT INTO ${schema}.hint (queue, due_at) VALUES (
      CASE WHEN asked.run_at > asked.created_at THEN '' ELSE asked.queue END, nullif(asked.run_at, asked.created_at));
  END IF;
END $$;`;
}

/** Public. Two kinds of JSON, so that triggers can pass what row_to_json or to_jsonb gives them. */
function enqueue(schema: string, json: "json" | "jsonb"): string {
  return `CREATE FUNCTION ${schema}.enqueue(name text, payload ${json}, options ${json} DEFAULT '{}',
  OUT id bigint, OUT outcome text) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  SELECT e.id, e.outcome INTO id, outcome FROM ${schema}.enqueue_request(
    ${schema}.read_request(name, payload::json, coalesce(options::jsonb, '{}'))) e;
END $$;`;
}

/** Public. JSON as text, which is what a literal and the drivers of most languages pass. */
function enqueueText(schema: string): string {
  return `CREATE FUNCTION ${schema}.enqueue(name text, payload text DEFAULT 'null', options text DEFAULT '{}',
  OUT id bigint, OUT outcome text) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  read_payload json;
  read_options jsonb;
BEGIN
  BEGIN
    read_payload := payload::json;
  EXCEPTION WHEN data_exception THEN
    PERFORM ${schema}.refuse('PAYLOAD_INVALID', format('The payload is not JSON; got %s.', to_json(left(payload, 80))));
  END;
  BEGIN
    read_options := options::jsonb;
  EXCEPTION WHEN data_exception THEN
    PERFORM ${schema}.refuse('INVALID_OPTION', format('enqueue: options must be a JSON object; got %s.', to_json(left(options, 80))));
  END;
  SELECT e.id, e.outcome INTO id, outcome
    FROM ${schema}.enqueue_request(${schema}.read_request(name, read_payload, coalesce(read_options, '{}'))) e;
END $$;`;
}
