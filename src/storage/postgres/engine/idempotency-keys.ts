import type { EnqueueReceipt } from "../../../core/enqueue-options.ts";
import type { JobState } from "../../../core/job.ts";
import type { NewJob } from "../../../core/new-job.ts";
import { recall } from "../../../core/recall.ts";
import { type Candidates, letGo } from "./resolve-unique.ts";
import type { Query } from "./session.ts";
import { keyText } from "./unique-keys.ts";

/** What the idempotency keys of a call say. */
export interface Recall {
  /** The answers to repeated requests, by position. */
  readonly known: ReadonlyMap<number, EnqueueReceipt>;
  /** Jobs that repeat one of the same call: their positions, and the position of the first. */
  readonly repeats: ReadonlyMap<number, number>;
}

/** Requests of one call under the same key, by their positions. */
interface Requests {
  readonly name: string;
  readonly key: string;
  readonly keptMs: number;
  readonly job: string;
  readonly now: number;
  readonly positions: number[];
}

/**
 * Finds the jobs of requests made before, and takes the keys of new ones, in sorted order and before any unique key, so that
 * no two calls wait for each other in a circle.
 *
 * @throws {HoldfastError} `UNIQUE_BUSY` when a key changed hands while it was looked at: undo and try again.
 */
export async function recallJobs(
  query: Query,
  schema: string,
  candidates: Candidates,
): Promise<Recall> {
  const known = new Map<number, EnqueueReceipt>();
  const repeats = new Map<number, number>();
  const all = requestsOf(candidates);
  if (all.length === 0) return { known, repeats };
  const taken = textsOf(await query<KeyRow>(takeFree(schema), paramsOf(all)));
  const answers = await answersOf(
    query,
    schema,
    all.filter((each) => !taken.has(keyText(each))),
  );
  for (const each of all) {
    const answer = answers.get(keyText(each));
    const [first = 0, ...others] = each.positions;
    for (const position of others) repeats.set(position, first);
    if (answer === undefined) continue;
    for (const position of each.positions) known.set(position, answer);
  }
  return { known, repeats };
}

/** Points the keys taken at these positions at the jobs their requests were given, where those are not the ones they would have made. */
export async function pointKeys(
  query: Query,
  schema: string,
  jobs: readonly NewJob[],
  taken: readonly number[],
  receipts: ReadonlyMap<number, EnqueueReceipt>,
): Promise<void> {
  const moved = taken.flatMap((position) => {
    const { name, idempotency } = jobs[position] as NewJob;
    const receipt = receipts.get(position);
    return idempotency === undefined || receipt === undefined || receipt.outcome === "enqueued"
      ? []
      : [{ name, key: idempotency.key, id: receipt.id }];
  });
  if (moved.length === 0) return;
  await query(pointStatement(schema), [
    moved.map(({ name }) => name),
    moved.map(({ key }) => key),
    moved.map(({ id }) => id),
  ]);
}

/** Those whose time is up are taken over, and have no answer. */
async function answersOf(
  query: Query,
  schema: string,
  refused: readonly Requests[],
): Promise<ReadonlyMap<string, EnqueueReceipt>> {
  const answers = new Map<string, EnqueueReceipt>();
  if (refused.length === 0) return answers;
  const rows = await query<KnownRow>(readKnown(schema), paramsOf(refused));
  const found = new Map(rows.map((row) => [keyText(row), row]));
  const free: (Requests & { readonly before: string })[] = [];
  for (const each of refused) {
    const row = found.get(keyText(each));
    if (row === undefined) throw letGo(each.key);
    const answer = recall(knownOf(row), each.now);
    if (answer === undefined) free.push({ ...each, before: row.job });
    else answers.set(keyText(each), answer);
  }
  if (free.length === 0) return answers;
  const params = [...paramsOf(free), free.map(({ before }) => before)];
  const taken = textsOf(await query<KeyRow>(takeOver(schema), params));
  for (const each of free) if (!taken.has(keyText(each))) throw letGo(each.key);
  return answers;
}

/** In the order in which everybody takes keys. */
function requestsOf({ jobs, ids }: Candidates): readonly Requests[] {
  const byKey = new Map<string, Requests>();
  for (const [position, { name, idempotency, createdAt }] of jobs.entries()) {
    if (idempotency === undefined) continue;
    const { key, keptMs } = idempotency;
    const text = keyText({ name, key });
    const requests = byKey.get(text);
    const job = ids[position] as string;
    if (requests === undefined)
      byKey.set(text, { name, key, keptMs, job, now: createdAt, positions: [position] });
    else requests.positions.push(position);
  }
  return [...byKey.keys()].sort().map((text) => byKey.get(text) as Requests);
}

interface KeyRow {
  readonly name: string;
  readonly key: string;
}

interface KnownRow extends KeyRow {
  readonly job: string;
  readonly kept_ms: string;
  readonly until: string | null;
  readonly state: JobState | null;
  readonly finished_at: string | null;
}

function textsOf(rows: readonly KeyRow[]): ReadonlySet<string> {
  return new Set(rows.map(keyText));
}

function knownOf({ job, kept_ms, until, state, finished_at }: KnownRow) {
  const time = (text: string | null) => (text === null ? null : Number(text));
  return {
    id: job,
    keptMs: Number(kept_ms),
    until: time(until),
    state,
    finishedAt: time(finished_at),
  };
}

function paramsOf(requests: readonly Requests[]): readonly unknown[] {
  return [
    requests.map(({ name }) => name),
    requests.map(({ key }) => key),
    requests.map(({ job }) => job),
    requests.map(({ keptMs }) => keptMs),
  ];
}

const input = `unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) WITH ORDINALITY
  AS i(name, key, job, kept_ms, position)`;

/**
 * Index walked: the primary key, in sorted order. Rows locked: the new ones. Race: an uncommitted insert of the same key is
 * waited for, up to the lock timeout. A known key is not locked: no settlement ever waits for an enqueue.
 */
function takeFree(schema: string): string {
  return `INSERT INTO ${schema}.idempotency (name, key, job, kept_ms)
    SELECT name, key, job, kept_ms FROM ${input} ORDER BY position
    ON CONFLICT (name, key) DO NOTHING RETURNING name, key`;
}

/** A statement of its own: the one before cannot see keys that committed while it ran. Index walked: primary keys. */
function readKnown(schema: string): string {
  return `SELECT k.name, k.key, k.job::text, k.kept_ms::text, k.until::text, j.state, j.finished_ms::text AS finished_at
    FROM ${input} JOIN ${schema}.idempotency k USING (name, key)
    LEFT JOIN LATERAL (SELECT state, finished_ms FROM ${schema}.jobs WHERE jobs.id = k.job OFFSET 0) j ON true`;
}

/** Rows locked: the overdue ones, in sorted order. Race: of two takers the second finds another job under the key. */
function takeOver(schema: string): string {
  const overdue = `unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[]) WITH ORDINALITY
    AS i(name, key, job, kept_ms, before, position)`;
  return `WITH free AS (
      SELECT k.name, k.key, i.job, i.kept_ms
      FROM ${overdue} JOIN ${schema}.idempotency k ON k.name = i.name AND k.key = i.key AND k.job = i.before
      ORDER BY position FOR UPDATE OF k
    )
    UPDATE ${schema}.idempotency k SET job = f.job, kept_ms = f.kept_ms, until = NULL
    FROM free f WHERE k.name = f.name AND k.key = f.key RETURNING k.name, k.key`;
}

/** Index walked: the primary key. Rows locked: keys this transaction has taken already. */
function pointStatement(schema: string): string {
  return `UPDATE ${schema}.idempotency k SET job = i.job
    FROM unnest($1::text[], $2::text[], $3::bigint[]) AS i(name, key, job)
    WHERE k.name = i.name AND k.key = i.key`;
}
