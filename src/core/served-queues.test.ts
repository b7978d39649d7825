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
    ["(a)[b]{c}|^$?+\\*", "(a)[b]{c}|^$?+\\d", true],
    ["a*c", "a\nc", true],
    ["plain", "plainly", false],
  ])("%s and the queue %s: %o", (pattern, queue, fits) => {
    expect(fitsPattern(pattern, queue)).toBe(fits);
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
