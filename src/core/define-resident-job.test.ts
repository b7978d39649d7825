import { describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { defineResidentJob, type ResidentJobSettings } from "./define-resident-job.ts";
import { newJob, planJobs } from "./new-job.ts";

describe("a resident job", () => {
  const sweeper = defineResidentJob<{ folder: string }>({
    name: "sweeper",
    retry: { backoff: "fixed", delay: "5s" },
  });

  test("is the one of its name, whatever its payload, and is retried for ever", () => {
    const plan = planJobs(sweeper, {});
    const keys = ["a", "b"].map((folder) => newJob(plan, { folder }, 0));
    expect(keys).toMatchObject([
      { unique: { key: "resident", while: "unfinished", onConflict: "skip" } },
      { unique: { key: "resident" } },
    ]);
    expect(sweeper.policy).toMatchObject({ attempts: null, minMs: 5_000, maxMs: 5_000 });
  });

  test.each([
    [{ retry: { attempts: 3 } }, "attempts"],
    [{ retry: "none" }, "retry"],
    [{ unique: { key: "k" } }, "unique"],
    [{ result: {} }, "result"],
  ])("is refused with %j", (more, says) => {
    const settings = { name: "sweeper", ...more } as ResidentJobSettings;
    expect(() => defineResidentJob(settings)).toThrow(coded("INVALID_OPTION", says));
  });

  test("is not made unique in another way by an enqueue", () => {
    expect(() => planJobs(sweeper, { unique: null })).toThrow(coded("INVALID_OPTION", "resident"));
  });

  test("has no batch handler, whatever the types say", () => {
    const made: object = sweeper;
    const batchHandler = Reflect.get(made, "batchHandler") as (...given: unknown[]) => unknown;
    expect(() => batchHandler({}, () => {})).toThrow(coded("INVALID_OPTION", "resident"));
  });
});
