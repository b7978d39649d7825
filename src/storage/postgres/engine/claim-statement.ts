import type { ClaimedJob } from "../../../core/claimed-job.ts";
import type { ClaimAnswer, ClaimFloors, ClaimRequest } from "../../contract/claim.ts";
import { parseAttempts, parseGates, parsePolicy, parseTags } from "../../shared/job-json.ts";
import { idOf } from "../rows.ts";

const priorities = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** The parameters `claimParams` gives: $1 to $8. */
export const claimParamCount = 8;

/** The call that claims; what it does stands with the function. */
export function claimCall(schema: string): string {
  return `SELECT job FROM ${schema}.claim_traced($1, $2, $3, $4, $5, $6, $7, $8) AS job`;
}

/** The parameters of a claim; `claim` is its number. */
export function claimParams(request: ClaimRequest, claim: number): readonly unknown[] {
  const { queues, floors } = request;
  return [
    idOf(request.owner),
    request.limit,
    queues.map(({ queue }) => queue),
    `{${queues.map(({ limit }) => limit).join()}}`,
    `{${queues.flatMap(({ queue }) => queueFloors(floors, queue)).join()}}`,
    JSON.stringify(request.handlers),
    request.now,
    claim,
  ];
}

/** Where to begin in a queue, by priority. */
export function queueFloors(floors: ClaimFloors, queue: string): readonly number[] {
  return priorities.map((priority) => floors[queue]?.[priority] ?? 0);
}

/** What reading the texts of a claim takes. */
type Asked = Pick<ClaimRequest, "owner" | "now" | "queues">;

interface Taken {
  readonly job: ClaimedJob;
  readonly names: Names;
  readonly priority: number;
  readonly seq: number;
}

/** A name and a queue as they end a text. Most jobs of a claim have the same, and then share these strings. */
interface Names {
  readonly text: string;
  readonly length: number;
  readonly name: string;
  readonly queue: string;
  /** Of the queue, among those asked for. */
  readonly place: number;
}

/** What the texts of a claim say, in the order of the queues asked for, then priority, then `seq`. */
export function claimAnswer(request: Asked, texts: readonly string[]): ClaimAnswer {
  const places = new Map(request.queues.map(({ queue }, position) => [queue, position]));
  const taken: Taken[] = [];
  let ordered = true;
  let before: Taken | undefined;
  for (const text of texts) {
    const one = takenOf(text, request, places, before?.names);
    // Jobs that were enqueued together come in order already.
    ordered &&= before === undefined || inOrder(before, one) <= 0;
    taken.push(one);
    before = one;
  }
  if (!ordered) taken.sort(inOrder);
  const floors: Record<string, Record<number, number>> = {};
  for (const { job, priority, seq } of taken) {
    const lanes = (floors[job.queue] ??= {});
    lanes[priority] ??= seq;
  }
  return { jobs: taken.map(({ job }) => job), floors };
}

function inOrder(a: Taken, b: Taken): number {
  return a.names.place - b.names.place || a.priority - b.priority || a.seq - b.seq;
}

/** Reads the text the function `claim_traced` makes, field by field in its order: splitting it made more than jobs keep. */
function takenOf(
  text: string,
  { owner, now }: Asked,
  places: ReadonlyMap<string, number>,
  namesBefore: Names | undefined,
): Taken {
  const fields = { text, at: 0 };
  const id = nextField(fields);
  const run = nextNumber(fields);
  const priority = nextNumber(fields);
  const seq = nextNumber(fields);
  const version = nextNumber(fields);
  const attempt = nextNumber(fields);
  const createdAt = nextNumber(fields);
  const nameLength = nextNumber(fields);
  const payload = nextField(fields);
  const seldom = nextSeldom(fields);
  const same =
    namesBefore?.text.length === text.length - fields.at &&
    namesBefore.length === nameLength &&
    text.endsWith(namesBefore.text);
  const names = same ? namesBefore : namesOf(text.slice(fields.at), nameLength, places);
  const { crashes, checkpoint, backoffMs, policy, attempts, tags, gates, trace } = seldom;
  const job = {
    lease: { id, owner, run },
    name: names.name,
    version,
    queue: names.queue,
    payload,
    checkpoint,
    attempt,
    crashes,
    started: crashes === 0,
    createdAt,
    runAt: seldom.runAt ?? createdAt,
    claimedAt: now,
    backoffMs,
    policy,
    attempts,
    tags,
    gates,
    trace,
  };
  return { job, names, priority, seq };
}

/** Names may hold the separator: then the length of the first counts, in characters of the database. */
function namesOf(text: string, length: number, places: ReadonlyMap<string, number>): Names {
  const only = text.indexOf(separator);
  const plain = only === text.lastIndexOf(separator);
  const characters = plain ? [] : Array.from(text);
  const name = plain ? text.slice(0, only) : characters.slice(0, length).join("");
  const queue = plain ? text.slice(only + 1) : characters.slice(length + 1).join("");
  return { text, length, name, queue, place: places.get(queue) ?? 0 };
}

/** What few jobs have. */
type Seldom = Pick<
  ClaimedJob,
  "crashes" | "checkpoint" | "backoffMs" | "policy" | "attempts" | "tags" | "gates" | "trace"
> & { readonly runAt: number | null };

const nothingSeldom: Seldom = {
  crashes: 0,
  runAt: null,
  backoffMs: 0,
  checkpoint: null,
  policy: parsePolicy(null),
  attempts: parseAttempts(null),
  tags: parseTags(null),
  gates: parseGates(null),
  trace: null,
};

function nextSeldom(fields: Fields): Seldom {
  const crashes = nextField(fields);
  if (crashes === "") return nothingSeldom;
  const text = () => nextField(fields) || null;
  return {
    crashes: Number(crashes),
    runAt: nextNumber(fields),
    backoffMs: nextNumber(fields),
    checkpoint: text(),
    policy: parsePolicy(text()),
    attempts: parseAttempts(text()),
    tags: parseTags(text()),
    gates: parseGates(text()),
    trace: text(),
  };
}

/** A text of fields, and how far it was read. */
interface Fields {
  readonly text: string;
  at: number;
}

/** No JSON text holds this character. */
const separator = "\u001f";

function nextField(fields: Fields): string {
  const start = fields.at;
  const end = fields.text.indexOf(separator, start);
  fields.at = end + 1;
  return fields.text.slice(start, end);
}

/** As `Number` of the next field, but without making a text of it. */
function nextNumber(fields: Fields): number {
  const { text } = fields;
  const negative = text.startsWith("-", fields.at);
  let at = negative ? fields.at + 1 : fields.at;
  let number = 0;
  for (let code = text.charCodeAt(at); code >= 48; code = text.charCodeAt(++at)) {
    number = number * 10 + code - 48;
  }
  fields.at = at + 1;
  return negative ? -number : number;
}
