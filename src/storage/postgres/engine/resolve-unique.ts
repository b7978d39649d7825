import type { EnqueueReceipt } from "../../../core/enqueue-options.ts";
import { HoldfastError } from "../../../core/errors.ts";
import type { NewJob } from "../../../core/new-job.ts";
import type { UniqueClaim } from "../../../core/unique.ts";
import { replaceJob } from "./replace-job.ts";
import type { Query } from "./session.ts";
import { keyText, takeKeys } from "./unique-keys.ts";

/** Which jobs of a call are to be stored, and what is already known of the others. */
export interface Resolution {
  /** The jobs to store, by id. */
  readonly fresh: ReadonlyMap<string, NewJob>;
  /** One receipt for each job of the call, in order. */
  readonly receipts: readonly EnqueueReceipt[];
}

/** The jobs of a call, with the ids they get should they be new. */
export interface Candidates {
  readonly jobs: readonly NewJob[];
  readonly ids: readonly string[];
}

/** Jobs of one call that want the same key, by their positions. */
interface Rivals {
  readonly name: string;
  readonly unique: UniqueClaim;
  readonly positions: readonly number[];
}

interface Draft extends Candidates {
  readonly fresh: Map<string, NewJob>;
  readonly receipts: EnqueueReceipt[];
}

/**
 * Decides who gets the unique keys that the jobs of a call want, and takes them: first all keys, then the holders to replace,
 * both in the order of the keys, so that no two calls wait for each other in a circle.
 *
 * @throws {HoldfastError} `UNIQUE_CONFLICT`; `UNIQUE_BUSY` when a holder let go while it was looked at: undo and try again.
 */
export async function resolveUnique(
  query: Query,
  schema: string,
  candidates: Candidates,
): Promise<Resolution> {
  const draft = createDraft(candidates);
  const rivals = rivalsOf(candidates.jobs);
  const wishes = rivals.map((each) => wishOf(each, candidates));
  const holders = await takeKeys(query, schema, wishes);
  for (const each of rivals) {
    const holder = holders.get(keyText({ name: each.name, key: each.unique.key }));
    if (holder === undefined) throw letGo(each.unique.key);
    await decide(query, schema, draft, each, holder);
  }
  return draft;
}

/** Every job without a key is new; those with one are decided later. */
function createDraft(candidates: Candidates): Draft {
  const { jobs, ids } = candidates;
  const entries = jobs.map((job, position) => [ids[position] as string, job] as const);
  return {
    ...candidates,
    fresh: new Map(entries.filter(([, job]) => job.unique === null)),
    receipts: ids.map((id) => ({ id, outcome: "enqueued" })),
  };
}

/** In the order in which everybody takes keys. */
function rivalsOf(jobs: readonly NewJob[]): readonly Rivals[] {
  const byKey = new Map<string, Rivals & { readonly positions: number[] }>();
  for (const [position, { name, unique }] of jobs.entries()) {
    if (unique === null) continue;
    const text = keyText({ name, key: unique.key });
    const rivals = byKey.get(text);
    if (rivals === undefined) byKey.set(text, { name, unique, positions: [position] });
    else rivals.positions.push(position);
  }
  const texts = [...byKey.keys()].sort();
  return texts.map((text) => byKey.get(text) as Rivals);
}

function wishOf({ name, unique, positions }: Rivals, { jobs, ids }: Candidates) {
  const first = positions[0] as number;
  const job = jobs[first] as NewJob;
  return {
    name,
    key: unique.key,
    job: ids[first] as string,
    until: unique.until,
    now: job.createdAt,
  };
}

async function decide(
  query: Query,
  schema: string,
  draft: Draft,
  { positions }: Rivals,
  holder: string,
): Promise<void> {
  for (const position of positions) {
    const job = draft.jobs[position] as NewJob;
    const isHolder = draft.ids[position] === holder;
    const outcome = isHolder ? "enqueued" : await meetHolder(query, schema, draft, job, holder);
    if (isHolder) draft.fresh.set(holder, job);
    draft.receipts[position] = { id: holder, outcome };
  }
}

async function meetHolder(
  query: Query,
  schema: string,
  draft: Draft,
  job: NewJob,
  holder: string,
): Promise<"existing" | "replaced"> {
  const unique = job.unique as UniqueClaim;
  if (unique.onConflict === "skip") return "existing";
  if (unique.onConflict === "error") throw conflict(job.name, unique.key, holder);
  if (draft.fresh.has(holder)) {
    draft.fresh.set(holder, job);
    return "replaced";
  }
  const answer = await replaceJob(query, schema, holder, job);
  if (answer === "replaced") return "replaced";
  const [still] = await query(
    `SELECT 1 FROM ${schema}.uniq WHERE name = $1 AND key = $2 AND holder = $3`,
    [job.name, unique.key, holder],
  );
  // A start frees the key it was waiting with, so one that is still held was taken under another rule.
  if (answer === "started" && still !== undefined) return "existing";
  throw letGo(unique.key);
}

/** The error for a key that another job holds. */
export function conflict(name: string, key: string, holder: string): HoldfastError {
  return new HoldfastError(
    "UNIQUE_CONFLICT",
    `The unique key ${JSON.stringify(key)} of ${JSON.stringify(name)} is held by job ${holder}. Wait for that job, cancel it, or use another key.`,
    { details: { holder, key } },
  );
}

/** The error for a key whose holder let go while it was looked at. */
export function letGo(key: string): HoldfastError {
  return new HoldfastError(
    "UNIQUE_BUSY",
    `The unique key ${JSON.stringify(key)} keeps changing hands. Try again.`,
    { details: { key } },
  );
}
