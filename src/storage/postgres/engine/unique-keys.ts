import { mostRows } from "./insert-jobs.ts";
import type { Query } from "./session.ts";

/** A job's wish for a unique key; `now` decides whether a holder's time is up. */
export interface KeyWish {
  readonly name: string;
  readonly key: string;
  readonly job: string;
  readonly until: number | null;
  readonly now: number;
}

/** Text that stands for a key and its definition's name together; neither contains NUL. */
export function keyText(wish: Pick<KeyWish, "name" | "key">): string {
  return `${wish.name}\u0000${wish.key}`;
}

interface KeyRow {
  readonly name: string;
  readonly key: string;
  readonly holder: string;
  readonly expired: boolean;
}

/**
 * Takes the keys that are free or past their time, in the sorted order they must be given in. Gives each key's holder
 * afterwards: the wishing job or whoever has it; a key that was let go while we looked is left out and may be tried again.
 */
export async function takeKeys(
  query: Query,
  schema: string,
  wishes: readonly KeyWish[],
): Promise<ReadonlyMap<string, string>> {
  const holders = new Map<string, string>();
  for (let from = 0; from < wishes.length; from += mostRows) {
    await takeChunk(query, schema, wishes.slice(from, from + mostRows), holders);
  }
  return holders;
}

/** Who holds a key whose time is not up; `undefined` when it is free. Index walked: uniq's primary key. Rows locked: none. */
export async function currentHolder(
  query: Query,
  schema: string,
  { name, key, now }: Pick<KeyWish, "name" | "key" | "now">,
): Promise<string | undefined> {
  const [row] = await query<{ readonly holder: string }>(
    `SELECT holder::text FROM ${schema}.uniq WHERE name = $1 AND key = $2 AND coalesce(until > $3, true)`,
    [name, key, now],
  );
  return row?.holder;
}

async function takeChunk(
  query: Query,
  schema: string,
  wishes: readonly KeyWish[],
  holders: Map<string, string>,
): Promise<void> {
  const taken = await query<KeyRow>(takeFree(schema), paramsOf(wishes));
  for (const row of taken) holders.set(keyText(row), row.holder);

  const refused = wishes.filter((wish) => !holders.has(keyText(wish)));
  if (refused.length === 0) return;
  const held = await query<KeyRow>(readHolders(schema), paramsOf(refused));
  const expired = new Set<string>();
  for (const row of held) {
    if (row.expired) expired.add(keyText(row));
    else holders.set(keyText(row), row.holder);
  }

  const overdue = refused.filter((wish) => expired.has(keyText(wish)));
  if (overdue.length === 0) return;
  const replaced = await query<KeyRow>(takeExpired(schema), paramsOf(overdue));
  for (const row of replaced) holders.set(keyText(row), row.holder);
}

function paramsOf(wishes: readonly KeyWish[]): readonly unknown[] {
  return [
    wishes.map((wish) => wish.name),
    wishes.map((wish) => wish.key),
    wishes.map((wish) => wish.job),
    wishes.map((wish) => wish.until),
    wishes.map((wish) => wish.now),
  ];
}

const input = `unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[])
  WITH ORDINALITY AS i(name, key, holder, until, now, position)`;

/**
 * Index walked: uniq's primary key, in the callers' sorted order, so that no two wait for each other in a circle. Rows locked: the new
 * ones. Race: an uncommitted insert of the same key is waited for, up to the lock timeout. DO UPDATE would lock every row it
 * meets, and inside a caller's transaction keep it: the holder's own settlement would wait for that transaction.
 */
function takeFree(schema: string): string {
  return `INSERT INTO ${schema}.uniq (name, key, holder, until)
    SELECT name, key, holder, until FROM ${input} ORDER BY position
    ON CONFLICT (name, key) DO NOTHING
    RETURNING name, key, holder::text`;
}

/** A statement of its own: the one before cannot see holders that committed while it ran. */
function readHolders(schema: string): string {
  return `SELECT name, key, u.holder::text, coalesce(u.until <= i.now, false) AS expired
    FROM ${input} JOIN ${schema}.uniq u USING (name, key)`;
}

/** Rows locked: expired ones, in sorted order. Race: of two takers the second finds the row no longer expired. */
function takeExpired(schema: string): string {
  return `WITH overdue AS (
      SELECT name, key, i.holder, i.until FROM ${input} JOIN ${schema}.uniq u USING (name, key)
      WHERE u.until <= i.now ORDER BY position FOR UPDATE OF u
    )
    UPDATE ${schema}.uniq u SET holder = o.holder, until = o.until
    FROM overdue o WHERE u.name = o.name AND u.key = o.key
    RETURNING u.name, u.key, u.holder::text`;
}

/**
 * The step of a statement that frees the unique keys of the jobs in another step, where `condition` holds.
 *
 * Index walked: uniq's primary key. Rows locked: those deleted. Race: a locked row is being taken over by an enqueue because
 * its time is up, so it no longer is this job's; to wait for it would be to wait for somebody's open transaction.
 */
export function freeKeys(schema: string, jobs: string, condition: string): string {
  return `DELETE FROM ${schema}.uniq WHERE ctid = ANY (ARRAY(
      SELECT held.ctid FROM ${jobs} CROSS JOIN LATERAL (
        SELECT u.ctid FROM ${schema}.uniq u
        WHERE u.name = ${jobs}.name AND u.key = ${jobs}.unique_key AND u.holder = ${jobs}.id
        FOR UPDATE SKIP LOCKED
      ) held
      WHERE ${jobs}.unique_key IS NOT NULL AND ${condition}))`;
}
