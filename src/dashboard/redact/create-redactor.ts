import type { Visitor } from "../access/visitor.ts";
import type { JsonNode } from "../json/json-node.ts";
import { parseJson } from "../json/parse-json.ts";
import { printJson } from "../json/print-json.ts";
import { hideJson, marker, scalarsOf } from "./hide-json.ts";
import { advance, begin, covers, type PathPattern } from "./path-pattern.ts";
import {
  type ReadRule,
  type Redact,
  type RedactedPart,
  readRedact,
  redactedParts,
  rulesFor,
} from "./redact-rule.ts";
import type { JobRedactor, JobTexts, Redactor } from "./redactor.ts";
import { createScrubber, type Scrubber, scrubValue } from "./scrubber.ts";

/** Hides nothing. */
const openRedactor: Redactor = {
  active: false,
  of: (job) => ({
    json: (part) => job[part],
    hidden: [],
    text: (text) => text,
    value: (value) => value,
  }),
  anyPayload: (payload) => payload,
  anyText: (text) => text,
  hides: () => false,
};

/**
 * Gives each visitor the redactor that fits them.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function createRedactors(redact: Redact = []): (visitor: Visitor) => Redactor {
  const all = readRedact(redact);
  return (visitor) => {
    const rules = rulesFor(all, visitor);
    return rules.length === 0 ? openRedactor : closedRedactor(rules);
  };
}

function closedRedactor(rules: readonly ReadRule[]): Redactor {
  const patterns = rules.map(({ pattern }) => pattern);
  return {
    active: true,
    of: (job) => redactJob(patternsFor(rules, job.name), job),
    anyPayload: (payload) => redactPayload(patterns, payload),
    anyText: (text) => (text === null || text === "" ? text : marker),
    hides: (path) => covers(patterns, ["payload", ...path]),
  };
}

function patternsFor(rules: readonly ReadRule[], name: string): readonly PathPattern[] {
  return rules.filter(({ isAbout }) => isAbout(name)).map(({ pattern }) => pattern);
}

function redactPayload(patterns: readonly PathPattern[], payload: unknown): unknown {
  const text = JSON.stringify(payload);
  const nothing = { result: null, checkpoint: null, progress: null };
  const shown = redactJob(patterns, { name: "", payload: text, ...nothing });
  return JSON.parse(shown.json("payload") ?? "null");
}

/** One part of a job, looked through. */
interface Part {
  readonly text: string | null;
  readonly paths: readonly string[];
  readonly hidden: readonly JsonNode[];
  /** True for text that is no JSON, such as one that was cut: what is hidden in it is not known. */
  readonly unreadable: boolean;
}

/** Parts are looked through when they are first asked for, and all of them for the values that texts must not have. */
function redactJob(patterns: readonly PathPattern[], job: JobTexts): JobRedactor {
  const start = begin(patterns);
  const known = new Map<RedactedPart, Part>();
  const partOf = (part: RedactedPart): Part => {
    const found = known.get(part) ?? hidePart(part, job[part], advance(start, part));
    known.set(part, found);
    return found;
  };
  let scrubber: Scrubber | undefined;
  const text: Scrubber = (given) => {
    scrubber ??= scrubberOf(redactedParts.map(partOf));
    return scrubber(given);
  };
  return {
    json: (part) => partOf(part).text,
    get hidden() {
      return redactedParts.flatMap((part) => partOf(part).paths);
    },
    text,
    value: (value) => scrubValue(value, text) as typeof value,
  };
}

function scrubberOf(parts: readonly Part[]): Scrubber {
  if (parts.some(({ unreadable }) => unreadable)) return (text) => (text === "" ? "" : marker);
  return createScrubber(scalarsOf(parts.flatMap(({ hidden }) => hidden)));
}

function hidePart(
  part: RedactedPart,
  text: string | null,
  progress: ReturnType<typeof begin>,
): Part {
  if (text === null || progress.length === 0)
    return { text, paths: [], hidden: [], unreadable: false };
  const parsed = parseJson(text);
  if (!("node" in parsed)) {
    return { text: JSON.stringify(marker), paths: [part], hidden: [], unreadable: true };
  }
  const { node, paths, hidden } = hideJson(parsed.node, part, progress);
  return { text: hidden.length === 0 ? text : printJson(node), paths, hidden, unreadable: false };
}
