import type { Connection } from "../connection.ts";
import { idOf, jobColumns } from "../rows.ts";
import { enterBlocked, enterLive, type GatedRow, gatesIn } from "./due-rows.ts";
import type { FollowUp } from "./follow-up.ts";
import { repeatById, stateOf } from "./repeat-by-id.ts";
import { resumeGeneration } from "./generations.ts";
import { conflict, letGo } from "./resolve-unique.ts";
import type { Query } from "./session.ts";
import { currentHolder, keyText, takeKeys } from "./unique-keys.ts";

interface DeadRow {
  readonly name: string;
  readonly unique_key: string | null;
  readonly unique_while: string | null;
}

/**
 * Makes a cancelled or discarded job available again, its unique key with it; one with gates queues up at them and is let in
 * at once if it may be.
 *
 * @throws {HoldfastError} `UNIQUE_CONFLICT`, `UNIQUE_BUSY`.
 */
export async function retryJob(
  connection: Connection,
  followUp: FollowUp,
  id: string,
  now: number,
): Promise<"retried" | "not-retryable" | "missing"> {
  const { schema } = connection;
  const known = idOf(id);
  return repeatById<"retried" | "not-retryable" | "missing">(id, {
    async write() {
      const revived = await connection.atomically((query) => revive(query, schema, known, now));
      if (revived === undefined) return undefined;
      await followUp(gatesIn(revived), now);
      return "retried";
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
): Promise<GatedRow | undefined> {
  const [dead] = await query<DeadRow>(
    `SELECT name, unique_key, unique_while FROM ${schema}.dead WHERE id = $1 FOR UPDATE`,
    [id],
  );
  if (dead === undefined || id === null) return undefined;
  if (dead.unique_key !== null) await takeBack(query, schema, id, dead, dead.unique_key, now);
  const [revived] = await query<GatedRow>(reviveStatement(schema), [id, now]);
  return revived;
}

async function takeBack(
  query: Query,
  schema: string,
  id: string,
  { name, unique_while }: DeadRow,
  key: string,
  now: number,
): Promise<void> {
  const wish = { name, key, job: id, until: null, now };
  // A key held for good was never let go: if it is gone, its time was up, and taking it again would hold it for ever.
  const ever = unique_while === "ever";
  const holder = ever
    ? await currentHolder(query, schema, wish)
    : (await takeKeys(query, schema, [wish])).get(keyText(wish));
  if (holder === undefined && !ever) throw letGo(key);
  if (holder !== undefined && holder !== id) throw conflict(name, key, holder);
  await resumeGeneration(query, schema, name, key, id);
}

/** Index walked: dead's primary key. Rows locked: the one, already. */
function reviveStatement(schema: string): string {
  const set = {
    run_at: "$2::bigint",
    attempt: "0",
    crashes: "0",
    backoff_ms: "0",
  };
  return `WITH job AS (DELETE FROM ${schema}.dead WHERE id = $1 RETURNING ${jobColumns.join(", ")}, gates),
    due AS (${enterLive(schema, set)}), barred AS (${enterBlocked(schema, set)})
    SELECT gates::text FROM job`;
}
