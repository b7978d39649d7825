import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { fitsPattern, readQueueList, servedQueues } from "./served-queues.ts";

describe("a pattern", () => {
  test.each([
    ["emails-*", "emails-eu", true],
    ["emails-*", "emails-", true],
    ["emails-*", "emails", false],
    ["*", "anything", true],
    ["*-eu", "emails-eu", true],
    ["*-eu", "emails-us", false],
    ["a*b*c", "aXbYc", true],
    ["a*b*c", "aXcYb", false],
    ["a*a", "a", false],
    ["a*a", "aa", true],
    ["a.c*", "abc", false],
  ])("%s and the queue %s: %o", (pattern, queue, fits) => {
    expect(fitsPattern(pattern, queue)).toBe(fits);
  });

  test("fits what a regular expression made of it fits", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
    const queue = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 10 });
    fc.assert(
      fc.property(text, queue, (pattern, name) => {
        fc.pre(pattern.includes("*"));
        expect(fitsPattern(pattern, name)).toBe(
          new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(name),
        );
      }),
    );
  });
});

test("a name goes before a pattern, and an earlier pattern before a later one", () => {
  const given = new Map([
    ["emails-*", 5],
    ["emails-eu", 1],
    ["*", 2],
  ]);
  expect([...servedQueues(given, ["emails-eu", "emails-us", "default"])]).toEqual([
    ["emails-eu", 1],
    ["emails-us", 5],
    ["default", 2],
  ]);
});

test("a list has names and patterns, with their concurrency or without", () => {
  expect(readQueueList("emails-*=20, default")).toEqual({
    "emails-*": { concurrency: 20 },
    default: {},
  });
});

test.each(["", ",", "a,", "a=b", "a=0", "a=1=2", "a=-1", "=3"])(
  "the list %j is refused",
  (text) => {
    expect(() => readQueueList(text)).toThrow(coded("INVALID_OPTION"));
  },
);
