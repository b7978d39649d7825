import { takeTokens } from "../../../core/token-bucket.ts";
import type { LimitStore, TakeAnswer } from "../../contract/limit.ts";
import type { Connection } from "../connection.ts";

/** Whose bucket, under which scope's rate, and when. Times in a bucket are microseconds: see `core/token-bucket.ts`. */
export interface BucketCall {
  readonly gate: string;
  readonly scope: string;
  readonly now: number;
}

type Drained = Awaited<ReturnType<LimitStore["drainTokens"]>>;

interface TakeRow {
  readonly count: number | null;
  readonly per_ms: string | null;
  readonly granted: boolean;
}

/** Takes tokens or says when they are there. */
export async function takeFromBucket(
  { schema, read, write }: Connection,
  { gate, scope, now }: BucketCall,
  weight: number,
): Promise<TakeAnswer> {
  for (;;) {
    const [row] = await write<TakeRow>(takeStatement(schema), [gate, scope, weight, now]);
    if (row === undefined) return { outcome: "undeclared" };
    if (row.count === null) return { outcome: "no-rate" };
    if (row.granted) return { outcome: "granted" };
    const rate = { count: row.count, perMs: Number(row.per_ms) };
    const [bucket] = await read<{ readonly full_at: string }>(
      `SELECT full_at::text FROM ${schema}.bucket WHERE key = $1`,
      [gate],
    );
    const fullAt = bucket === undefined ? null : Number(bucket.full_at);
    const seen = takeTokens(fullAt, rate, weight, now);
    if (!seen.granted) return { outcome: "denied", retryAfterMs: seen.retryAfterMs };
    // An edit of the rate has filled it in between: there is something to take after all.
  }
}

/** A scope's rate as `n` tokens that take `token` microseconds each; no row without a rate. */
function rateOf(schema: string): string {
  return `SELECT rate_count::bigint AS n, rate_ms, ${tokenOf("rate_ms", "rate_count")} AS token FROM ${schema}.scope
    WHERE name = $2 AND rate_count IS NOT NULL`;
}

function tokenOf(rateMs: string, rateCount: string): string {
  return `(${rateMs} * 1000 + ${rateCount} - 1) / ${rateCount}`;
}

/**
 * Index walked: both primary keys. Rows locked: the bucket's, so that whoever comes second looks at what the first has left.
 * A bucket too empty is not written. Cost: two searches, one write.
 */
function takeStatement(schema: string): string {
  const next = "greatest(b.full_at, $4::bigint * 1000) + excluded.full_at - $4::bigint * 1000";
  return `
    WITH rate AS (${rateOf(schema)}), taken AS (
      INSERT INTO ${schema}.bucket AS b (key, full_at)
      SELECT $1, $4::bigint * 1000 + least($3::bigint, n) * token FROM rate
      ON CONFLICT (key) DO UPDATE SET full_at = ${next}
        WHERE ${next} <= $4::bigint * 1000 + (SELECT n * token FROM rate)
      RETURNING 1
    )
    SELECT rate_count AS count, rate_ms::text AS per_ms, EXISTS (SELECT FROM taken) AS granted
    FROM ${schema}.scope WHERE name = $2`;
}

/** Empties a bucket, for no shorter than it is ordered to be empty already. */
export async function drainBucket(
  { schema, write }: Connection,
  { gate, scope, now }: BucketCall,
  forMs: number | null,
): Promise<Drained> {
  const params = [gate, scope, forMs, now];
  const [row] = await write<Pick<TakeRow, "count">>(drainStatement(schema), params);
  if (row === undefined) return "undeclared";
  return row.count === null ? "no-rate" : "drained";
}

/** Index walked: both primary keys. Rows locked: the bucket's. */
function drainStatement(schema: string): string {
  return `
    WITH rate AS (${rateOf(schema)}), drained AS (
      INSERT INTO ${schema}.bucket AS b (key, full_at)
      SELECT $1, ($4::bigint + coalesce($3::bigint, rate_ms)) * 1000 + (n - 1) * token FROM rate
      ON CONFLICT (key) DO UPDATE SET full_at = greatest(b.full_at, excluded.full_at)
    )
    SELECT rate_count AS count FROM ${schema}.scope WHERE name = $2`;
}

/** What an edit of a rate is written in: where the new rate stands, and expressions. */
export interface RecapTerms {
  /** A table of one row with `rate_count` and `rate_ms`. */
  readonly rate: string;
  readonly when: string;
  readonly now: string;
  readonly gate: string;
}

/** The step after which no bucket of an edited rate takes longer to fill than the new rate says. */
export function recapBuckets(schema: string, { rate, when, now, gate }: RecapTerms): string {
  const full = `${now} * 1000 + r.rate_count * (${tokenOf("r.rate_ms", "r.rate_count")})`;
  return `
    UPDATE ${schema}.bucket b SET full_at = ${full} FROM ${rate} r
    WHERE ${when} AND r.rate_count IS NOT NULL AND b.full_at > ${full}
      AND (b.key = ${gate} OR starts_with(b.key, ${gate} || ':'))`;
}
