import type { JobFilter } from "../../core/job-filter.ts";
import { type JobState, jobStates } from "../../core/job.ts";
import { fieldOf, fields } from "./fields.ts";
import type { FilterProblem, ProblemKind } from "./problem.ts";
import {
  problemAt,
  type Read,
  readBoolean,
  readId,
  readLane,
  readLonger,
  readScalar,
  readSpan,
  readText,
  type Span,
} from "./read-value.ts";
import { type Token, tokenise, type Value } from "./tokenise.ts";
import { writeKey } from "./write-value.ts";

/** What a text means, as far as it means something. */
export interface ParsedFilter {
  /** What the conditions without a problem say together. */
  readonly filter: JobFilter;
  /** In the order of the text; a filter with any is not to be asked for. */
  readonly problems: readonly FilterProblem[];
}

type Draft = { -readonly [Name in keyof JobFilter]: JobFilter[Name] };

/**
 * Reads a filter: conditions with blanks between, which must all hold. Takes any text and never throws. `now` is what times such as
 * `created:<2h` are counted from, in milliseconds since the epoch.
 */
export function parseFilter(text: string, now: number): ParsedFilter {
  const filter: Draft = {};
  const problems: FilterProblem[] = [];
  const words: Token[] = [];
  for (const token of tokenise(text)) {
    if (!token.closed) problems.push(unclosed(token));
    else if (token.field === null) words.push(token);
    else problems.push(...addToken(filter, token, now));
  }
  problems.push(...addWords(filter, words));
  return { filter, problems: problems.toSorted((a, b) => a.from - b.from) };
}

function addToken(filter: Draft, token: Token, now: number): readonly FilterProblem[] {
  const field = fieldOf(token.field ?? "");
  const hasPath = token.path.length > 0;
  if (field === undefined || (hasPath && field.kind !== "payload")) return [unknownField(token)];
  if (token.negated && field.kind !== "state") return [noNegation(token)];
  const { name } = field;
  switch (field.kind) {
    case "state":
      return addStates(filter, token);
    case "texts":
      return addAny(filter, token, name as "queue" | "name" | "tag");
    case "text":
      return addOne(filter, token, texts[name as keyof typeof texts], (value) =>
        readText(name, value),
      );
    case "lane":
      return addOne(filter, token, "waitingFor", (value) => readLane(name, value));
    case "contains":
      return addOne(filter, token, "error", (value) => readText(name, value, "~"));
    case "duration":
      return addOne(filter, token, durations[name as keyof typeof durations], (value) =>
        readLonger(name, value),
      );
    case "boolean":
      return addOne(filter, token, "rescued", (value) => readBoolean(name, value));
    case "id":
      return addIds(filter, token);
    case "moment":
      return addSpan(filter, token, name as "created" | "finished", now);
    default:
      return addPayload(filter, token);
  }
}

/** What the client calls a field. */
const texts = { worker: "worker", gate: "waitingFor", unique: "uniqueKey" } as const;
const durations = {
  wait: "waitingLongerThan",
  running: "runningLongerThan",
  duration: "tookLongerThan",
} as const;

function addStates(filter: Draft, token: Token): readonly FilterProblem[] {
  const read = readAll(token.values, readState);
  if ("problems" in read) return read.problems;
  const named = read.values;
  const states = token.negated ? jobStates.filter((state) => !named.includes(state)) : named;
  const before = filter.state as readonly JobState[] | undefined;
  const both = before === undefined ? states : before.filter((state) => states.includes(state));
  if (both.length > 0) {
    filter.state = jobStates.filter((state) => both.includes(state));
    return [];
  }
  return [
    problem(token, "twice", "No job is in such a state; write state once, with commas for or."),
  ];
}

function readState(value: Value): Read<JobState> {
  const state = jobStates.find((each) => each === value.text);
  if (state !== undefined && value.operator === "") return { value: state };
  const kind = value.text === "" ? "no-value" : "bad-value";
  return problemAt(value, kind, `state is one or more of ${jobStates.join(", ")}.`);
}

function addIds(filter: Draft, token: Token): readonly FilterProblem[] {
  const read = readAll(token.values, readId);
  if ("problems" in read) return read.problems;
  if (filter.ids !== undefined) return [twice(token)];
  if (read.values.length > mostIds) return [tooManyIds(token)];
  filter.ids = read.values;
  return [];
}

const mostIds = 1_000;
const mostValues = 100;

/** Names, of which a job must have any one. */
function addAny(
  filter: Draft,
  token: Token,
  name: "queue" | "name" | "tag",
): readonly FilterProblem[] {
  const read = readAll(token.values, (value) => readText(name, value));
  if ("problems" in read) return read.problems;
  if (filter[name] !== undefined) return [twice(token)];
  if (read.values.length > mostValues) return [tooManyValues(token)];
  filter[name] = oneOrMore(read.values);
  return [];
}

function oneOrMore<One>(values: readonly One[]): One | readonly One[] {
  return values.length === 1 ? (values[0] as One) : values;
}

/** A condition the client takes one value for. */
function addOne<
  Name extends
    | "error"
    | "rescued"
    | (typeof texts)[keyof typeof texts]
    | (typeof durations)[keyof typeof durations],
>(
  filter: Draft,
  token: Token,
  name: Name,
  read: (value: Value) => Read<NonNullable<Draft[Name]>>,
): readonly FilterProblem[] {
  const [value, more] = token.values as readonly [Value, ...Value[]];
  if (more !== undefined) return [oneValue(token)];
  const one = read(value);
  if ("problem" in one) return [one.problem];
  if (filter[name] !== undefined) return [twice(token)];
  filter[name] = one.value;
  return [];
}

function addSpan(
  filter: Draft,
  token: Token,
  name: "created" | "finished",
  now: number,
): readonly FilterProblem[] {
  const [value, more] = token.values as readonly [Value, ...Value[]];
  if (more !== undefined) return [oneValue(token)];
  const read: Read<Span> = readSpan(name, value, now);
  if ("problem" in read) return [read.problem];
  const { after, before } = read.value;
  const afterName = `${name}After` as const;
  const beforeName = `${name}Before` as const;
  // Written twice, the narrower counts: a chip for each end, and one more for a day in between.
  if (after !== undefined) filter[afterName] = Math.max(after, Number(filter[afterName] ?? 0));
  if (before !== undefined)
    filter[beforeName] = Math.min(before, Number(filter[beforeName] ?? before));
  return [];
}

const mostPaths = 16;
const mostSteps = 8;

function addPayload(filter: Draft, token: Token): readonly FilterProblem[] {
  const { path } = token;
  if (!isPath(path)) return [badPath(token)];
  const name = ["payload", ...path.map(writeKey)].join(".");
  const read = readAll(token.values, (value) => readScalar(name, value));
  if ("problems" in read) return read.problems;
  if (read.values.length > mostValues) return [tooManyValues(token)];
  const key = path.map((step) => step.replaceAll(".", "\\.")).join(".");
  const before: NonNullable<JobFilter["payload"]> = filter.payload ?? {};
  if (Object.hasOwn(before, key)) return [twice(token)];
  if (Object.keys(before).length >= mostPaths) return [tooManyPaths(token)];
  // By entries, so that a path may be called __proto__.
  filter.payload = Object.fromEntries([...Object.entries(before), [key, oneOrMore(read.values)]]);
  return [];
}

/** As the client takes them. */
function isPath(path: readonly string[]): boolean {
  return (
    path.length > 0 &&
    path.length <= mostSteps &&
    path.join(".").length <= 200 &&
    path.every((step) => /^(?!-\d+$)[^"\\\u0000\p{Surrogate}]+$/u.test(step))
  );
}

/** Words that are digits only are ids; any others are text of the error, one phrase in all. */
function addWords(filter: Draft, words: readonly Token[]): readonly FilterProblem[] {
  const [first] = words;
  if (first === undefined) return [];
  const values = words.flatMap((token) => token.values);
  const token = { ...first, to: words.at(-1)?.to ?? first.to, values };
  const areIds = values.every(({ text, quoted }) => !quoted && /^\d{1,19}$/.test(text));
  if (areIds) return addIds(filter, token);
  const phrase = values.map(({ text }) => text).join(" ");
  const value: Value = { operator: "", text: phrase, quoted: true, from: token.from, to: token.to };
  return addOne(filter, { ...token, values: [value] }, "error", (one) => readText("error", one));
}

function readAll<Result>(
  values: readonly Value[],
  read: (value: Value) => Read<Result>,
): { readonly values: readonly Result[] } | { readonly problems: readonly FilterProblem[] } {
  const results = values.map(read);
  const problems = results.flatMap((each) => ("problem" in each ? [each.problem] : []));
  if (problems.length > 0) return { problems };
  return { values: results.flatMap((each) => ("value" in each ? [each.value] : [])) };
}

function problem(
  { from, to }: { readonly from: number; readonly to: number },
  kind: ProblemKind,
  message: string,
): FilterProblem {
  return { kind, from, to, message };
}

function unclosed(token: Token): FilterProblem {
  return problem(token, "unclosed-quote", 'A quote is open to the end; close it with ".');
}

function unknownField(token: Token): FilterProblem {
  const written = JSON.stringify([token.field, ...token.path].join(".").slice(0, 80));
  const known = fields.map(({ name }) => name).join(", ");
  const message = `There is no field ${written}: there are ${known}. Text with a colon in it goes in quotes.`;
  return problem({ from: token.from, to: token.valuesFrom }, "unknown-field", message);
}

function noNegation(token: Token): FilterProblem {
  const message = `- works with state only: ${token.field} cannot be asked for by what it is not.`;
  return problem(token, "no-negation", message);
}

function oneValue(token: Token): FilterProblem {
  const message = `${token.field} takes one value; put it in quotes if the comma is part of it.`;
  return problem(token, "one-value", message);
}

function twice(token: Token): FilterProblem {
  const message = `${token.field ?? "Text of the error, or an id,"} is asked for twice; keep one of the two.`;
  return problem(token, "twice", message);
}

function badPath(token: Token): FilterProblem {
  const message = `payload takes a path of 1 to ${mostSteps} keys or indexes, such as payload.items.0.price:5; a key with blanks or dots goes in quotes.`;
  return problem({ from: token.from, to: token.valuesFrom }, "bad-value", message);
}

function tooManyValues(token: Token): FilterProblem {
  const message = `At most ${mostValues} values can stand between commas.`;
  return problem(token, "bad-value", message);
}

function tooManyIds(token: Token): FilterProblem {
  return problem(token, "bad-value", `At most ${mostIds} ids can be asked for at once.`);
}

function tooManyPaths(token: Token): FilterProblem {
  return problem(token, "bad-value", `At most ${mostPaths} values of a payload can be asked for.`);
}
