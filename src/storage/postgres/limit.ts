import { limitGate, type Scope } from "../../core/limit-options.ts";
import type { ScopeChange } from "../../core/scope-change.ts";
import type { LimitStore, ScopeUse } from "../contract/limit.ts";
import type { Connection } from "./connection.ts";
import { drainBucket, recapBuckets, takeFromBucket } from "./engine/token-bucket.ts";

/** Named limits, and the token buckets of those with a rate. */
export function createLimitStore(connection: Connection): LimitStore {
  const { schema, read, idempotent, write } = connection;
  return {
    async declareScopes(scopes) {
      if (scopes.length > 0) await idempotent(declareStatement(schema), [scopeList(scopes)]);
    },
    async listScopes() {
      return (await read<ScopeRow>(listStatement(schema))).map(scopeOf);
    },
    async updateScope(scope, to, now) {
      const changed = await write(updateStatement(schema), changeParams(scope, to, now));
      return changed.length > 0;
    },
    takeTokens: (gate, scope, weight, now) =>
      takeFromBucket(connection, { gate, scope, now }, weight),
    drainTokens: (gate, scope, forMs, now) => drainBucket(connection, { gate, scope, now }, forMs),
  };
}

function scopeList(scopes: readonly Scope[]): string {
  return JSON.stringify(
    scopes.map(({ scope, concurrent, rate }) => ({
      name: scope,
      concurrent,
      rate_count: rate?.count ?? null,
      rate_ms: rate?.perMs ?? null,
    })),
  );
}

/** Index walked: the primary key. Rows locked: those made, in order of name. Race: another declaration; the first one counts. */
function declareStatement(schema: string): string {
  return `
    INSERT INTO ${schema}.scope (name, concurrent, rate_count, rate_ms)
    SELECT name, concurrent, rate_count, rate_ms
    FROM ROWS FROM (
      json_to_recordset($1::text::json) AS (name text, concurrent integer, rate_count integer, rate_ms bigint)
    ) WITH ORDINALITY AS s (name, concurrent, rate_count, rate_ms, place)
    ORDER BY name, place
    ON CONFLICT (name) DO NOTHING`;
}

interface ScopeRow {
  readonly name: string;
  readonly concurrent: number | null;
  readonly rate_count: number | null;
  readonly rate_ms: string | null;
  readonly edited: boolean;
  readonly held: string;
  readonly waiting: string;
}

function scopeOf(row: ScopeRow): ScopeUse {
  return {
    scope: row.name,
    concurrent: row.concurrent,
    rate:
      row.rate_count === null ? null : { count: row.rate_count, perMs: Number(row.rate_ms ?? 0) },
    edited: row.edited,
    held: Number(row.held),
    waiting: Number(row.waiting),
  };
}

/** Walks every permit and every blocked job: an operator's question, asked seldom. */
function listStatement(schema: string): string {
  return `
    WITH held AS (
      SELECT split_part(k.key, ':', 2) AS name, sum(k.weight) AS weights FROM ${schema}.keylock k
      WHERE starts_with(k.key, 'limit:') AND EXISTS (SELECT FROM ${schema}.live l WHERE l.id = k.job)
      GROUP BY 1
    ), waiting AS (
      SELECT split_part(b.gate, ':', 2) AS name, count(*) AS jobs FROM ${schema}.blocked b
      WHERE starts_with(b.gate, 'limit:') GROUP BY 1
    )
    SELECT s.name, s.concurrent, s.rate_count, s.rate_ms::text, s.edited,
      coalesce(h.weights, 0)::text AS held, coalesce(w.jobs, 0)::text AS waiting
    FROM ${schema}.scope s LEFT JOIN held h ON h.name = s.name LEFT JOIN waiting w ON w.name = s.name
    ORDER BY s.name COLLATE "C"`;
}

function changeParams(scope: string, to: ScopeChange, now: number): readonly unknown[] {
  const { concurrent, rate } = to;
  return [
    scope,
    concurrent !== undefined,
    concurrent ?? null,
    rate !== undefined,
    rate?.count ?? null,
    rate?.perMs ?? null,
    now,
    limitGate(scope),
  ];
}

/** Index walked: the primary key; the buckets all, for an operator edits seldom. Rows locked: the scope's and its buckets'. */
function updateStatement(schema: string): string {
  return `
    WITH changed AS (
      UPDATE ${schema}.scope SET
        concurrent = CASE WHEN $2::boolean THEN $3::integer ELSE concurrent END,
        rate_count = CASE WHEN $4::boolean THEN $5::integer ELSE rate_count END,
        rate_ms = CASE WHEN $4 THEN $6::bigint ELSE rate_ms END,
        edited = true
      WHERE name = $1 RETURNING rate_count, rate_ms
    ), recapped AS (${recapBuckets(schema, { rate: "changed", when: "$4", now: "$7::bigint", gate: "$8::text" })})
    SELECT 1 FROM changed`;
}
