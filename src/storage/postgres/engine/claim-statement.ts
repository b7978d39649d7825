import type { ClaimedJob } from "../../../core/claimed-job.ts";
import type { ClaimAnswer, ClaimRequest } from "../../contract/claim.ts";
import { claimedJobOf } from "../../shared/job-json.ts";
import { idOf } from "../rows.ts";

const priorities = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** The parameters `claimParams` gives: $1 to $8. */
export const claimParamCount = 8;

/** The call that claims; what it does stands with the function. */
export function claimCall(schema: string): string {
  return `SELECT job FROM ${schema}.claim_jobs($1, $2, $3, $4, $5, $6, $7, $8) AS job`;
}

/** The parameters of a claim; `claim` is its number. */
export function claimParams(request: ClaimRequest, claim: number): readonly unknown[] {
  const { queues, floors } = request;
  return [
    idOf(request.owner),
    request.limit,
    queues.map(({ queue }) => queue),
    `{${queues.map(({ limit }) => limit).join()}}`,
    `{${queues.flatMap(({ queue }) => priorities.map((priority) => floors[queue]?.[priority] ?? 0)).join()}}`,
    JSON.stringify(request.handlers),
    request.now,
    claim,
  ];
}

/** No JSON text holds this character. */
const separator = "\u001f";
const fieldCount = 18;

interface Taken {
  readonly job: ClaimedJob;
  readonly place: number;
  readonly priority: number;
  readonly seq: number;
}

/** What the texts of a claim say, in the order of the queues asked for, then priority, then `seq`. */
export function claimAnswer(request: ClaimRequest, texts: readonly string[]): ClaimAnswer {
  const places = new Map(request.queues.map(({ queue }, position) => [queue, position]));
  const taken = texts.map((text) => takenOf(text, request, places));
  // Jobs that were enqueued together come in order already.
  if (taken.some((one, index) => index > 0 && inOrder(taken[index - 1] as Taken, one) > 0)) {
    taken.sort(inOrder);
  }
  const floors: Record<string, Record<number, number>> = {};
  for (const { job, priority, seq } of taken) {
    const lanes = (floors[job.queue] ??= {});
    lanes[priority] ??= seq;
  }
  return { jobs: taken.map(({ job }) => job), floors };
}

function inOrder(a: Taken, b: Taken): number {
  return a.place - b.place || a.priority - b.priority || a.seq - b.seq;
}

/** Reads the text the function `claim_jobs` makes; the fields stand in its order. */
function takenOf(
  text: string,
  { owner, now }: ClaimRequest,
  places: ReadonlyMap<string, number>,
): Taken {
  const fields = text.split(separator);
  const field = (index: number) => fields[index] as string;
  const json = (index: number) => field(index) || null;
  const [name, queue] =
    fields.length === fieldCount ? [field(16), field(17)] : namesOf(fields.slice(16), field(7));
  const createdAt = field(6);
  const crashes = Number(field(9));
  const job = claimedJobOf({
    id: field(0),
    owner,
    run: Number(field(1)),
    name,
    version: Number(field(4)),
    queue,
    payload: field(8),
    checkpoint: json(12),
    attempt: Number(field(5)),
    crashes,
    started: crashes === 0,
    created_at: createdAt,
    run_at: field(10) || createdAt,
    claimed_at: now,
    backoff_ms: field(11),
    policy: json(13),
    attempts: json(14),
    tags: json(15),
  });
  return { job, place: places.get(queue) ?? 0, priority: Number(field(2)), seq: Number(field(3)) };
}

/** A name that holds the separator itself; its length counts characters as the database does. */
function namesOf(rest: readonly string[], length: string): readonly [string, string] {
  const characters = Array.from(rest.join(separator));
  const end = Number(length);
  return [characters.slice(0, end).join(""), characters.slice(end + 1).join("")];
}
