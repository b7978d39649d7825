import { jobColumns } from "../rows.ts";
import { type Acted, type ActedRow, actedBy, type BulkPlan } from "./acted.ts";
import { numberArray } from "./array-literal.ts";
import { enterBlocked, enterLive } from "./due-rows.ts";
import type { Query } from "./session.ts";
import { currentHolder, type KeyWish, keyText, takeKeys } from "./unique-keys.ts";

interface DeadRow {
  readonly id: string;
  readonly name: string;
  readonly unique_key: string | null;
  readonly unique_while: string | null;
}

/** One of the dead that wants its key back. */
type Keyed = DeadRow & { readonly unique_key: string };

/**
 * Makes cancelled and discarded jobs available again. Their keys are taken in one order; a job whose key another one holds, or an
 * older one of the same chunk, is refused.
 */
export async function retryMany(
  query: Query,
  schema: string,
  { now }: BulkPlan,
  ids: readonly string[],
): Promise<Acted> {
  const dead = await query<DeadRow>(
    `SELECT id::text, name, unique_key, unique_while FROM ${schema}.dead WHERE id = ANY ($1::bigint[])
     ORDER BY id FOR UPDATE SKIP LOCKED`,
    [numberArray(ids)],
  );
  const keyed = dead.filter((row): row is Keyed => row.unique_key !== null);
  const holders = await holdersFor(query, schema, keyed, now);
  const refused = keyed.filter(({ id }) => holders.get(id) === "another").map(({ id }) => id);
  // One whose holder let go meanwhile is neither refused nor done: it is looked for again.
  const free = dead.filter(({ id }) => (holders.get(id) ?? "own") === "own").map(({ id }) => id);
  await resumeGenerations(
    query,
    schema,
    keyed.filter(({ id }) => holders.get(id) === "own"),
  );
  const rows = await query<ActedRow>(reviveStatement(schema), [numberArray(free), now]);
  return actedBy(rows, refused, true);
}

type Holder = "own" | "another" | "unclear";

async function holdersFor(
  query: Query,
  schema: string,
  keyed: readonly Keyed[],
  now: number,
): Promise<ReadonlyMap<string, Holder>> {
  const found = new Map<string, Holder>();
  const rivals = keyed.filter(({ unique_while }) => unique_while !== "ever");
  const wishes = new Map<string, KeyWish>();
  for (const row of rivals) {
    const wish = { name: row.name, key: row.unique_key, job: row.id, until: null, now };
    if (!wishes.has(keyText(wish))) wishes.set(keyText(wish), wish);
  }
  const sorted = [...wishes.keys()].sort().map((text) => wishes.get(text) as KeyWish);
  const holders = sorted.length === 0 ? new Map() : await takeKeys(query, schema, sorted);
  for (const { id, name, unique_key } of rivals) {
    const holder: unknown = holders.get(keyText({ name, key: unique_key }));
    found.set(id, holder === undefined ? "unclear" : holder === id ? "own" : "another");
  }
  for (const { id, name, unique_key, unique_while } of keyed) {
    if (unique_while !== "ever") continue;
    // A key held for good was never let go: if it is gone, its time was up, and taking it again would hold it for ever.
    const holder = await currentHolder(query, schema, { name, key: unique_key, now });
    found.set(id, holder === undefined || holder === id ? "own" : "another");
  }
  return found;
}

/** Makes jobs that come back the newest generations again. Index walked: the primary key. */
async function resumeGenerations(
  query: Query,
  schema: string,
  jobs: readonly Keyed[],
): Promise<void> {
  if (jobs.length === 0) return;
  await query(
    `UPDATE ${schema}.generation g SET job = i.job, checkpoint = NULL
     FROM unnest($1::text[], $2::text[], $3::bigint[]) AS i(name, key, job) WHERE g.name = i.name AND g.key = i.key`,
    [
      jobs.map(({ name }) => name),
      jobs.map(({ unique_key }) => unique_key),
      jobs.map(({ id }) => id),
    ],
  );
}

/** Index walked: dead's primary key. Rows locked: they are already. */
function reviveStatement(schema: string): string {
  const set = { run_at: "$2::bigint", attempt: "0", crashes: "0", backoff_ms: "0" };
  return `WITH job AS (DELETE FROM ${schema}.dead WHERE id = ANY ($1::bigint[]) RETURNING ${jobColumns.join(", ")}, gates),
    due AS (${enterLive(schema, set)}), barred AS (${enterBlocked(schema, set)})
    SELECT id::text, queue, gates::text FROM job`;
}
