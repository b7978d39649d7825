import { channelOf } from "../engine/channel.ts";
import { completions, jobColumns } from "./0004-lean-functions.ts";
import { columns, letIn } from "./0007-admit-functions.ts";
import { claiming, seldom } from "./0007-claim-functions.ts";
import { park } from "./0007-pass-functions.ts";
import { closed } from "./0008-capped-claims.ts";
import { known, readRequest, storeRequest, stored } from "./0008-enqueue.ts";
import { replaceWaiting, rewritten } from "./0008-enqueue-keys.ts";
import { enqueueTraced } from "./0009-enqueue-traced.ts";
import { jobsView } from "./0009-jobs-view.ts";

// Everything here is written out: a step that was applied somewhere must not change with the code around it.

/**
 * The trace a job was enqueued in, in its row, NULL where nothing traces. What moves rows takes it along, for older code too;
 * what older code reads is told as before, so claims that tell of it, and enqueues that bring it, are functions of their own.
 */
export function traceColumn(schema: string): string {
  return [
    tables(schema),
    jobsView(schema),
    replaced(completions(schema, [...jobColumns, "trace"])),
    replaced(letIn(schema, `${columns}, trace`)),
    replaced(park(schema, `${columns}, trace`)),
    claims(schema),
    enqueueTraced(schema, channelOf(schema)),
    contract(schema),
  ].join("\n");
}

/** Statistics of text nobody searches by are not worth gathering. */
function tables(schema: string): string {
  const all = ["live", "later", "blocked", "done", "dead"];
  return all
    .map(
      (table) =>
        `ALTER TABLE ${schema}.${table} ADD COLUMN trace text, ALTER COLUMN trace SET STATISTICS 0;`,
    )
    .join("\n");
}

function replaced(functions: string): string {
  return functions.replaceAll(/^CREATE FUNCTION/gm, "CREATE OR REPLACE FUNCTION");
}

/** As that of the eighth step, but that the last of what few jobs have is the trace. */
function claims(schema: string): string {
  return claiming(schema, {
    name: "claim_traced",
    only: "",
    seldom: [...seldom, "gates", "trace"],
    closed,
  });
}

/** The door for producers without Holdfast's code has an option more. */
function contract(schema: string): string {
  const read = `
  IF given ? 'traceparent' THEN
    asked.trace := ${schema}.trace_option(given -> 'traceparent');
  END IF;`;
  const more = { columns: `${stored.columns}, trace`, values: `${stored.values}, asked.trace` };
  return [
    `ALTER TYPE ${schema}.request ADD ATTRIBUTE trace text;`,
    traceOption(schema),
    replaced(readRequest(schema, [...known, "traceparent"], read)),
    replaced(replaceWaiting(schema, `${columns}, trace`, [...rewritten, "trace"])),
    replaced(storeRequest(schema, more)),
  ].join("\n");
}

/** The rule is that of core/trace.ts. */
function traceOption(schema: string): string {
  return `CREATE FUNCTION ${schema}.trace_option(value jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  IF jsonb_typeof(value) <> 'string'
      OR value #>> '{}' !~ '^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$' THEN
    PERFORM ${schema}.refuse('INVALID_OPTION', format(
      'enqueue: traceparent must be one of W3C Trace Context, such as "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"; got %s.',
      ${schema}.shown(value)));
  END IF;
  RETURN value #>> '{}';
END $$;`;
}
