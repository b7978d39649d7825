import type { AdmitAnswer, AdmitStore } from "../contract/admit.ts";
import type { Connection } from "./connection.ts";

/** What the functions of the schema answer; what they do stands with them. `jobs` is NULL outside READ COMMITTED. */
interface AdmitRow {
  readonly jobs: number | null;
  readonly more: boolean;
  readonly filled: string;
  readonly next_at: string | null;
  readonly undeclared: string;
}

interface PassRow extends AdmitRow {
  readonly waiting: boolean;
  readonly last_gate: string;
  readonly last_key: string;
  readonly last_job: string;
}

/** Lists as JSON text: whatever parsers the application has set, none runs. */
const answerColumns =
  "jobs, more, to_json(filled)::text AS filled, next_at::text, to_json(undeclared)::text AS undeclared";

/** Lets jobs in through their gates, by the functions `admit` and `admit_waiting`. */
export function createAdmitStore(connection: Connection): AdmitStore {
  const { schema } = connection;
  const admit = createCall<AdmitRow>(
    connection,
    `SELECT ${answerColumns} FROM ${schema}.admit($1, $2)`,
  );
  const admitWaiting = createCall<PassRow>(
    connection,
    `SELECT ${answerColumns}, waiting, last_gate, last_key, last_job::text
      FROM ${schema}.admit_waiting($1, $2, $3, $4, $5)`,
  );
  /** Where the last pass of this process stopped: at a gate with a line, and at a permit. */
  let last = { gate: "", key: "", job: "0" };

  return {
    admitJobs: async (gates, now) => answerOf(await admit([[...new Set(gates)], now])),
    async admitWaiting(limit, now) {
      const began = last.gate;
      const row = await admitWaiting([last.gate, last.key, last.job, limit, now]);
      last = { gate: row.last_gate, key: row.last_key, job: row.last_job };
      const answer = answerOf(row);
      // A gate somebody else is at is theirs: worth another pass at once is one that got somewhere, or came to the end.
      const cameToEnd = began !== "" && last.gate === "";
      const more = answer.rows > 0 || cameToEnd;
      return { ...answer, more, waiting: row.waiting, partial: row.more };
    },
    async listHolders(gate, limit) {
      const rows = await connection.read<{ readonly id: string }>(holdersStatement(schema), [
        gate,
        limit,
      ]);
      return rows.map(({ id }) => id);
    },
  };
}

/**
 * One statement, and so one round trip, where the database's transactions are READ COMMITTED unless they say otherwise; where
 * they are stricter, a transaction that says so. Admitting twice lets nobody in twice, so a lost answer is asked for again.
 */
function createCall<Row extends AdmitRow>(
  { idempotent, atomically }: Connection,
  sql: string,
): (params: readonly unknown[]) => Promise<Row> {
  let alone = true;
  return async (params) => {
    if (alone) {
      const row = only(await idempotent<Row>(sql, params));
      if (row.jobs !== null) return row;
      alone = false;
    }
    return atomically(async (query) => only(await query<Row>(sql, params)));
  };
}

function only<Row>([row]: readonly Row[]): Row {
  if (row === undefined) throw new Error("an admission gave no answer");
  return row;
}

function answerOf({ jobs, more, filled, next_at, undeclared }: AdmitRow): AdmitAnswer {
  return {
    rows: jobs ?? 0,
    more,
    queues: [...new Set(JSON.parse(filled) as string[])],
    nextAt: next_at === null ? null : Number(next_at),
    undeclared: [...new Set(JSON.parse(undeclared) as string[])],
  };
}

/** Index walked: keylock's key, then the primary keys of live's children, once per permit. */
function holdersStatement(schema: string): string {
  return `SELECT k.job::text AS id FROM ${schema}.keylock k
    WHERE k.key = $1 AND EXISTS (SELECT FROM ${schema}.live l WHERE l.id = k.job) ORDER BY k.job LIMIT $2`;
}
