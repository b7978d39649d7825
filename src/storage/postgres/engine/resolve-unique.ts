import type { EnqueueReceipt } from "../../../core/enqueue-options.ts";
import { HoldfastError } from "../../../core/errors.ts";
import type { NewJob } from "../../../core/new-job.ts";
import type { UniqueClaim } from "../../../core/unique.ts";
import { replaceJob } from "./replace-job.ts";
import type { Query } from "./session.ts";
import { keyText, takeKeys } from "./take-keys.ts";

/** Which jobs of a call are to be stored, and what is already known of the others. */
export interface Resolution {
  /** The jobs to store, by id. */
  readonly fresh: ReadonlyMap<string, NewJob>;
  /** One receipt for each job of the call, in order. */
  readonly receipts: readonly EnqueueReceipt[];
}

/** Jobs of one call that want the same key, in order. */
interface Rivals {
  readonly name: string;
  readonly unique: UniqueClaim;
  readonly positions: readonly number[];
}

const tries = 3;

/**
 * Decides who gets the unique keys that the jobs of a call want, and takes them. `ids` are the jobs' ids should they be new.
 *
 * @throws {HoldfastError} `UNIQUE_CONFLICT`, `UNIQUE_BUSY` when a key kept changing hands.
 */
export async function resolveUnique(
  query: Query,
  schema: string,
  jobs: readonly NewJob[],
  ids: readonly string[],
): Promise<Resolution> {
  const draft = createDraft(jobs, ids);
  let open = rivalsOf(jobs);
  for (let attempt = 1; open.length > 0; attempt++) {
    if (attempt > tries) throw busy(open);
    const holders = await takeKeys(
      query,
      schema,
      open.map((rivals) => wishOf(rivals, jobs, ids)),
    );
    const undecided: Rivals[] = [];
    for (const rivals of open) {
      const holder = holders.get(keyText({ name: rivals.name, key: rivals.unique.key }));
      const decided =
        holder !== undefined &&
        (await decide(query, schema, draft, rivals, holder, attempt === tries));
      if (!decided) undecided.push(rivals);
    }
    open = undecided;
  }
  return draft;
}

interface Draft extends Resolution {
  readonly fresh: Map<string, NewJob>;
  readonly receipts: EnqueueReceipt[];
  readonly jobs: readonly NewJob[];
  readonly ids: readonly string[];
}

/** Every job without a key is new; those with one are decided later. */
function createDraft(jobs: readonly NewJob[], ids: readonly string[]): Draft {
  const entries = jobs.map((job, position) => [ids[position] as string, job] as const);
  return {
    jobs,
    ids,
    fresh: new Map(entries.filter(([, job]) => job.unique === null)),
    receipts: ids.map((id) => ({ id, outcome: "enqueued" })),
  };
}

function rivalsOf(jobs: readonly NewJob[]): readonly Rivals[] {
  const byKey = new Map<string, Rivals & { readonly positions: number[] }>();
  for (const [position, { name, unique }] of jobs.entries()) {
    if (unique === null) continue;
    const text = keyText({ name, key: unique.key });
    const rivals = byKey.get(text);
    if (rivals === undefined) byKey.set(text, { name, unique, positions: [position] });
    else rivals.positions.push(position);
  }
  // Everybody takes keys in this order.
  const texts = [...byKey.keys()].sort();
  return texts.map((text) => byKey.get(text) as Rivals);
}

function wishOf(rivals: Rivals, jobs: readonly NewJob[], ids: readonly string[]) {
  const first = rivals.positions[0] as number;
  return {
    name: rivals.name,
    key: rivals.unique.key,
    job: ids[first] as string,
    until: rivals.unique.until,
    now: jobs[first]?.createdAt ?? 0,
  };
}

/** False when the holder was let go meanwhile, so that the key has to be looked at again. */
async function decide(
  query: Query,
  schema: string,
  draft: Draft,
  rivals: Rivals,
  holder: string,
  last: boolean,
): Promise<boolean> {
  for (const position of rivals.positions) {
    const job = draft.jobs[position] as NewJob;
    const outcome =
      draft.ids[position] === holder
        ? "enqueued"
        : await meetHolder(query, schema, draft, job, holder, last);
    if (outcome === undefined) return false;
    if (outcome === "enqueued") draft.fresh.set(holder, job);
    draft.receipts[position] = { id: holder, outcome };
  }
  return true;
}

async function meetHolder(
  query: Query,
  schema: string,
  draft: Draft,
  job: NewJob,
  holder: string,
  last: boolean,
): Promise<"existing" | "replaced" | undefined> {
  const rule = job.unique?.onConflict ?? "skip";
  if (rule === "skip") return "existing";
  if (rule === "error") throw conflict(job, holder);
  if (draft.fresh.has(holder)) {
    draft.fresh.set(holder, job);
    return "replaced";
  }
  const answer = await replaceJob(query, schema, holder, job);
  if (answer === "replaced") return "replaced";
  // A key that outlives the start of its holder was taken under another rule: the holder is what there is.
  return answer === "started" && last ? "existing" : undefined;
}

function conflict(job: NewJob, holder: string): HoldfastError {
  return new HoldfastError(
    "UNIQUE_CONFLICT",
    `The unique key ${JSON.stringify(job.unique?.key)} of ${JSON.stringify(job.name)} is held by job ${holder}. Wait for it, cancel it, or use another key.`,
    { details: { holder, key: job.unique?.key } },
  );
}

function busy(open: readonly Rivals[]): HoldfastError {
  return new HoldfastError(
    "UNIQUE_BUSY",
    `The unique key ${JSON.stringify(open[0]?.unique.key)} changed hands ${tries} times while it was being taken. Try again.`,
    { details: { keys: open.map((rivals) => rivals.unique.key).slice(0, 10) } },
  );
}
