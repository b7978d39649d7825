import { limitGate, type Scope } from "../../core/limit-options.ts";
import type { Rate } from "../../core/rate.ts";
import type { ScopeChange } from "../../core/scope-change.ts";
import type { LimitStore, ScopeUse, TakeAnswer } from "../contract/limit.ts";
import type { Connection } from "./connection.ts";
import type { Session } from "./engine/session.ts";
import { drainBucket, recapBuckets, takeFromBucket } from "./engine/token-bucket.ts";
import { translated } from "./sql-errors.ts";
import type { Transactions } from "./transact.ts";

/** Named limits, and the token buckets of those with a rate. */
export function createLimitStore(connection: Connection, transactions: Transactions): LimitStore {
  return {
    async declareScopes(scopes, tx) {
      if (tx === undefined) return connection.writeIfNeeded((session) => declare(session, scopes));
      const session = transactions.sessionOf(tx);
      translated(() => declare(session, scopes));
    },
    async listScopes() {
      const rows = await connection.read((session) => session.all<ScopeRow>(listStatement));
      return rows.map(scopeOf);
    },
    updateScope: (scope, to, now) => connection.write((session) => update(session, scope, to, now)),
    takeTokens: (gate, scope, weight, now) =>
      connection.writeIfNeeded((session) => take(session, { gate, scope, now }, weight)),
    drainTokens: (gate, scope, forMs, now) =>
      connection.write((session) => {
        const rate = rateOf(session, scope);
        if (rate === undefined) return "undeclared";
        if (rate === null) return "no-rate";
        drainBucket(session, gate, rate, forMs, now);
        return "drained";
      }),
  };
}

/** Most are there already, and looking takes no writer. */
function declare(session: Session, scopes: readonly Scope[]): void {
  for (const { scope, concurrent, rate } of scopes) {
    if (rateOf(session, scope) !== undefined) continue;
    session.run(
      "INSERT INTO holdfast_scope (name, concurrent, rate_count, rate_ms) VALUES (?, ?, ?, ?)",
      scope,
      concurrent,
      rate?.count ?? null,
      rate?.perMs ?? null,
    );
  }
}

function take(
  session: Session,
  { gate, scope, now }: { readonly gate: string; readonly scope: string; readonly now: number },
  weight: number,
): TakeAnswer {
  const rate = rateOf(session, scope);
  if (rate === undefined) return { outcome: "undeclared" };
  if (rate === null) return { outcome: "no-rate" };
  const taken = takeFromBucket(session, gate, rate, weight, now);
  return taken.granted
    ? { outcome: "granted" }
    : { outcome: "denied", retryAfterMs: taken.retryAfterMs };
}

/** A scope's rate; `null` when it has none, `undefined` when nobody declared the scope. */
function rateOf(session: Session, scope: string): Rate | null | undefined {
  const row = session.get<Pick<ScopeRow, "rate_count" | "rate_ms">>(
    "SELECT rate_count, rate_ms FROM holdfast_scope WHERE name = ?",
    scope,
  );
  return row === undefined ? undefined : rateIn(row);
}

function update(session: Session, scope: string, to: ScopeChange, now: number): boolean {
  const { concurrent, rate } = to;
  const changed = session.run(updateStatement, {
    scope,
    setsConcurrent: Number(concurrent !== undefined),
    concurrent: concurrent ?? null,
    setsRate: Number(rate !== undefined),
    count: rate?.count ?? null,
    perMs: rate?.perMs ?? null,
  });
  if (changed > 0 && rate !== undefined && rate !== null) {
    recapBuckets(session, limitGate(scope), rate, now);
  }
  return changed > 0;
}

const updateStatement = `
  UPDATE holdfast_scope SET
    concurrent = CASE WHEN $setsConcurrent THEN $concurrent ELSE concurrent END,
    rate_count = CASE WHEN $setsRate THEN $count ELSE rate_count END,
    rate_ms = CASE WHEN $setsRate THEN $perMs ELSE rate_ms END,
    edited = 1
  WHERE name = $scope`;

interface ScopeRow {
  readonly name: string;
  readonly concurrent: number | null;
  readonly rate_count: number | null;
  readonly rate_ms: number | null;
  readonly edited: number;
  readonly held: number;
  readonly waiting: number;
}

function rateIn({ rate_count, rate_ms }: Pick<ScopeRow, "rate_count" | "rate_ms">): Rate | null {
  return rate_count === null || rate_ms === null ? null : { count: rate_count, perMs: rate_ms };
}

function scopeOf(row: ScopeRow): ScopeUse {
  return {
    scope: row.name,
    concurrent: row.concurrent,
    rate: rateIn(row),
    edited: row.edited === 1,
    held: row.held,
    waiting: row.waiting,
  };
}

/** The name between the first colon of a gate and the second, if there is one. */
function scopeIn(gate: string): string {
  return `substr(${gate}, 7, instr(substr(${gate} || ':', 7), ':') - 1)`;
}

/** Walks every permit of a limit and every job that waits for one: an operator's question, asked seldom. */
const listStatement = `
  WITH held AS (
    SELECT ${scopeIn("k.key")} AS name, sum(k.weight) AS weights FROM holdfast_keylock k
    WHERE k.key >= 'limit:' AND k.key < 'limit;' AND EXISTS (SELECT 1 FROM holdfast_live l WHERE l.id = k.job)
    GROUP BY 1
  ), waiting AS (
    SELECT ${scopeIn("b.gate")} AS name, count(*) AS jobs FROM holdfast_blocked b
    WHERE b.gate >= 'limit:' AND b.gate < 'limit;' GROUP BY 1
  )
  SELECT s.name, s.concurrent, s.rate_count, s.rate_ms, s.edited,
    coalesce(h.weights, 0) AS held, coalesce(w.jobs, 0) AS waiting
  FROM holdfast_scope s LEFT JOIN held h ON h.name = s.name LEFT JOIN waiting w ON w.name = s.name
  ORDER BY s.name`;
