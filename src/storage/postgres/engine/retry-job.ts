import type { Connection } from "../connection.ts";
import { idOf, insertFrom, jobColumns } from "../rows.ts";
import { repeatById, stateOf } from "./repeat-by-id.ts";
import { conflict, letGo } from "./resolve-unique.ts";
import type { Query } from "./session.ts";
import { keyText, takeKeys } from "./unique-keys.ts";

interface DeadRow {
  readonly name: string;
  readonly unique_key: string | null;
}

/**
 * Makes a cancelled or discarded job available again, its unique key with it.
 *
 * @throws {HoldfastError} `UNIQUE_CONFLICT`, `UNIQUE_BUSY`.
 */
export async function retryJob(
  connection: Connection,
  id: string,
  now: number,
): Promise<"retried" | "not-retryable" | "missing"> {
  const { schema } = connection;
  const known = idOf(id);
  return repeatById(id, {
    async write() {
      const revived = await connection.atomically((query) => revive(query, schema, known, now));
      return revived ? "retried" : undefined;
    },
    async read() {
      const state = await stateOf(connection.read, schema, id);
      if (state === undefined) return "missing";
      return state === "cancelled" || state === "discarded" ? undefined : "not-retryable";
    },
  });
}

/** The row is locked first: of two retries the second finds it gone. */
async function revive(
  query: Query,
  schema: string,
  id: string | null,
  now: number,
): Promise<boolean> {
  const [dead] = await query<DeadRow>(
    `SELECT name, unique_key FROM ${schema}.dead WHERE id = $1 FOR UPDATE`,
    [id],
  );
  if (dead === undefined || id === null) return false;
  if (dead.unique_key !== null) await takeBack(query, schema, id, dead.name, dead.unique_key, now);
  await query(reviveStatement(schema), [id, now]);
  return true;
}

async function takeBack(
  query: Query,
  schema: string,
  id: string,
  name: string,
  key: string,
  now: number,
): Promise<void> {
  const wish = { name, key, job: id, until: null, now };
  const holder = (await takeKeys(query, schema, [wish])).get(keyText(wish));
  if (holder === undefined) throw letGo(key);
  if (holder !== id) throw conflict(name, key, holder);
}

/** Index walked: dead's primary key. Rows locked: the one, already. */
function reviveStatement(schema: string): string {
  const set = {
    run_at: "$2::bigint",
    attempt: "0",
    crashes: "0",
    backoff_ms: "0",
    seq: `nextval('${schema}.job_seq')`,
  };
  return `WITH job AS (DELETE FROM ${schema}.dead WHERE id = $1 RETURNING ${jobColumns.join(", ")})
    ${insertFrom(`${schema}.live`, set, "job")}`;
}
