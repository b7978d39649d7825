import { rule } from "./check-options.ts";
import { HoldfastError } from "./errors.ts";

/** True for a name that stands for every queue it fits: one with a `*` in it. */
export function isQueuePattern(name: string): boolean {
  return name.includes("*");
}

/** True when a queue fits a pattern, in which each `*` stands for any text, none included. */
export function fitsPattern(pattern: string, queue: string): boolean {
  const texts = pattern.split("*").map((text) => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, "\\$&"));
  return new RegExp(`^${texts.join(".*")}$`, "s").test(queue);
}

/**
 * The queues a worker serves, each with its places: those it names, and of those known the ones that fit a pattern. A name goes
 * before a pattern, and an earlier pattern before a later one.
 */
export function servedQueues(
  given: ReadonlyMap<string, number>,
  known: Iterable<string>,
): ReadonlyMap<string, number> {
  const served = new Map([...given].filter(([name]) => !isQueuePattern(name)));
  const patterns = [...given].filter(([name]) => isQueuePattern(name));
  for (const queue of known) {
    const found = patterns.find(([pattern]) => fitsPattern(pattern, queue));
    if (found !== undefined && !served.has(queue)) served.set(queue, found[1]);
  }
  return served;
}

/**
 * Reads a list of queues as `HOLDFAST_QUEUES`, or what else `called` names, has it: `"emails-*=20,default"`, names or patterns, each with its concurrency or without.
 *
 * @throws {HoldfastError} `INVALID_OPTION` saying what is wrong.
 */
export function readQueueList(
  text: string,
  called = "HOLDFAST_QUEUES",
): Readonly<Record<string, { readonly concurrency?: number }>> {
  const parts = text.split(",").map((part) => part.trim());
  return Object.fromEntries(parts.map((part) => readPart(part, text, called)));
}

function readPart(
  part: string,
  text: string,
  called: string,
): [string, { readonly concurrency?: number }] {
  const [, name = "", concurrency] = /^([^=]*)(?:=(\d{1,6}))?$/.exec(part) ?? [];
  if (!rule.text.test(name) || concurrency === "0") {
    throw new HoldfastError(
      "INVALID_OPTION",
      `${called} must be a list such as "emails-*=20,default"; got ${JSON.stringify(text.slice(0, 80))}.`,
      { details: { option: called } },
    );
  }
  return [name, concurrency === undefined ? {} : { concurrency: Number(concurrency) }];
}
