import { describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { defineKeyedJob, type KeyedJobSettings } from "./define-keyed-job.ts";
import { newJob, planJobs } from "./new-job.ts";

const sync = defineKeyedJob<{ account: string }>({
  name: "sync",
  key: ({ account }) => account,
  inheritState: true,
});

describe("a keyed job", () => {
  test("is unique while unfinished, and gives whoever holds its key", () => {
    expect(newJob(planJobs(sync, {}), { account: "a" }, 0)).toMatchObject({
      unique: {
        key: "a",
        while: "unfinished",
        until: null,
        onConflict: "skip",
        inheritState: true,
      },
    });
  });

  test("hands its state on only when told to", () => {
    const plain = defineKeyedJob({ name: "sync", key: "one" });
    expect(newJob(planJobs(plain, {}), {}, 0)).not.toHaveProperty("unique.inheritState");
  });

  test("takes no other way to be unique, neither at its definition nor at an enqueue", () => {
    const both = { name: "sync", key: "k", unique: { key: "k" } } as KeyedJobSettings<unknown>;
    expect(() => defineKeyedJob(both)).toThrow(coded("INVALID_OPTION", "unique"));
    for (const unique of [{ key: "other" }, null]) {
      expect(() => planJobs(sync, { unique })).toThrow(coded("INVALID_OPTION", "keyed"));
    }
  });

  test("needs a key", () => {
    const none = { name: "sync" } as KeyedJobSettings<unknown>;
    expect(() => defineKeyedJob(none)).toThrow(coded("INVALID_OPTION", "key"));
  });
});
