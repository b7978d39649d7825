// Everything here is written out: a step that was applied somewhere must not change with the code around it.

const noOwn = {
  owner: "NULL::bigint",
  claimed: "NULL::bigint",
  finished: "NULL::bigint",
  cancel: "NULL::json",
  reason: "NULL::json",
  attempts: "coalesce(attempts, '[]')",
  gates: "gates",
  gate: "NULL::text",
};

/** The branch of the view that shows one table; times also as they are stored, in milliseconds. */
function branch(schema: string, table: string, state: string, own: Partial<typeof noOwn>): string {
  const { owner, claimed, finished, cancel, reason, attempts, gates, gate } = { ...noOwn, ...own };
  return `SELECT id, ${state} AS state, name, version, queue, priority, attempt, crashes, run, ${owner} AS owner,
  to_timestamp(created_at / 1000.0) AS created_at, to_timestamp(run_at / 1000.0) AS run_at,
  to_timestamp(${claimed} / 1000.0) AS claimed_at, to_timestamp(${finished} / 1000.0) AS finished_at,
  payload, result, checkpoint, progress, ${cancel} AS cancel, ${reason} AS reason, ${attempts} AS attempts, policy,
  backoff_ms, unique_key, unique_while, coalesce(tags, '[]') AS tags,
  created_at AS created_ms, run_at AS run_ms, ${claimed} AS claimed_ms, ${finished} AS finished_ms,
  ${gates} AS gates, ${gate} AS gate, trace
FROM ${schema}.${table}`;
}

const derivedAttempts = `coalesce(attempts, json_build_array(json_build_object('number', attempt, 'run', run,
  'worker', owner::text, 'began', began_at, 'ended', finished_at, 'how', 'completed')))`;

/** What the view shows of each table. Reading some of them by themselves spares a walk through the others. */
export function jobBranches(schema: string) {
  const ended = { claimed: "claimed_at", finished: "finished_at" };
  const done = { ...ended, attempts: derivedAttempts, gates: "NULL::json" };
  return {
    live: branch(schema, "live", "CASE WHEN owner IS NULL THEN 'available' ELSE 'running' END", {
      owner: "owner",
      claimed: "claimed_at",
      cancel: "cancel",
    }),
    later: branch(schema, "later", "CASE WHEN retrying THEN 'retryable' ELSE 'scheduled' END", {}),
    blocked: branch(schema, "blocked", "'blocked'::text", { gate: "gate" }),
    done: branch(schema, "done", "'completed'::text", done),
    dead: branch(schema, "dead", "state", { ...ended, reason: "reason" }),
  };
}

/** The view with a column more, at its end: it is replaced in place, so that rights given to it stay. */
export function jobsView(schema: string): string {
  const branches = Object.values(jobBranches(schema));
  return `CREATE OR REPLACE VIEW ${schema}.jobs AS\n${branches.join("\nUNION ALL\n")};`;
}
