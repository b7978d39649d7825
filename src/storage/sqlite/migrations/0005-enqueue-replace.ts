import { payloadText } from "./0005-enqueue-options.ts";

// Everything here is written out: a step that was applied somewhere must not change with the code around it.

type Table = "live" | "later" | "blocked";
const tables: readonly Table[] = ["live", "later", "blocked"];

/** Where the job of a request belongs. */
export const belongs: Readonly<Record<Table, string>> = {
  live: "asked.run_at <= asked.created_at AND asked.gates IS NULL",
  later: "asked.run_at > asked.created_at",
  blocked: "asked.run_at <= asked.created_at AND asked.gates IS NOT NULL",
};

/** What a row has in one table only, and what that is for a request. */
export const own: Readonly<Record<Table, readonly (readonly [column: string, value: string])[]>> = {
  live: [["seq", "asked.seq"]],
  later: [["retrying", "0"]],
  blocked: [
    ["seq", "asked.seq"],
    ["gate", "json_extract(asked.gates, '$[0].gate')"],
  ],
};

const rewrittenColumns = `version = asked.version, queue = asked.queue, priority = asked.priority, payload = coalesce(${payloadText}, 'null'),
    policy = asked.policy, run_at = asked.run_at, tags = asked.tags, gates = asked.gates`;

const movedColumns = `id, run, name, version, queue, priority, attempt, crashes, backoff_ms, created_at, run_at, unique_key, unique_while,
    tags, policy, payload, checkpoint, progress, result, attempts, gates`;

const isReplaced = "asked.outcome = 'replaced'";

/** The holder's row is written over where it is. */
function rewrite(table: Table, rewritten: string): string {
  return `UPDATE holdfast_${table} SET ${rewritten} FROM holdfast_request AS asked
  WHERE holdfast_${table}.id = asked.id AND ${isReplaced};`;
}

function copy(from: Table, to: Table, moved: string): string {
  const columns = own[to].map(([column]) => column).join(", ");
  const values = own[to].map(([, value]) => value).join(", ");
  const row = moved.replaceAll(/\w+/g, (column) => `job.${column}`);
  return `INSERT INTO holdfast_${to} (${moved}, ${columns}) SELECT ${row}, ${values}
  FROM holdfast_request AS asked JOIN holdfast_${from} AS job ON job.id = asked.id WHERE ${isReplaced} AND ${belongs[to]};`;
}

function leave(table: Table): string {
  return `DELETE FROM holdfast_${table} WHERE id = (
    SELECT id FROM holdfast_request AS asked WHERE ${isReplaced} AND NOT (${belongs[table]}));`;
}

/** A row that stays in its table queues up anew there. */
function renew(table: Table): string {
  const set = own[table].map(([column, value]) => `${column} = ${value}`).join(", ");
  return `UPDATE holdfast_${table} SET ${set} FROM holdfast_request AS asked
  WHERE holdfast_${table}.id = asked.id AND ${isReplaced};`;
}

/**
 * Rewrites a holder that waits, puts it where its new time and gates belong, and gives back what it held of its old ones. `more` are the
 * columns that a later step has added.
 */
export function replaceHolder(more: readonly string[] = []): string {
  const rewritten = [rewrittenColumns, ...more.map((column) => `${column} = asked.${column}`)];
  const moved = [movedColumns, ...more].join(", ");
  return [
    `UPDATE holdfast_request SET outcome = 'replaced' WHERE outcome = 'met' AND on_conflict = 'replace' AND (
    EXISTS (SELECT 1 FROM holdfast_live AS job WHERE job.id = holdfast_request.id AND job.owner IS NULL)
    OR EXISTS (SELECT 1 FROM holdfast_later AS job WHERE job.id = holdfast_request.id)
    OR EXISTS (SELECT 1 FROM holdfast_blocked AS job WHERE job.id = holdfast_request.id));`,
    "DELETE FROM holdfast_keylock WHERE job = (SELECT id FROM holdfast_request AS asked WHERE asked.outcome = 'replaced');",
    ...tables.map((table) => rewrite(table, rewritten.join(", "))),
    ...tables.flatMap((from) =>
      tables.filter((to) => to !== from).map((to) => copy(from, to, moved)),
    ),
    ...tables.map(leave),
    ...tables.map(renew),
  ].join("\n  ");
}
