import { describe, expect, test } from "vitest";
import { plan } from "../../test/support/schedule-record.ts";
import { type NewJob, newJob, planNamedJobs } from "./new-job.ts";
import {
  checkScheduleName,
  planSchedule,
  readApplyOptions,
  readScheduleOptions,
} from "./schedule-options.ts";
import type { ScheduleOptions } from "./schedules-client.ts";

const often = { name: "often", every: "10m", job: "work" } as const;
const daily = { name: "daily", cron: "0 8 * * *", job: "work" } as const;

const read = (given: unknown) => readScheduleOptions("apply", given as ScheduleOptions<never>);
const refusal: unknown = expect.objectContaining({ code: "INVALID_OPTION" });

test("the options of a schedule give its rule", () => {
  expect(read(often)).toEqual({ everyMs: 600_000, anchor: 0 });
  expect(read({ ...often, anchor: 5, options: { queue: "q" } })).toMatchObject({ anchor: 5 });
  expect(read({ ...daily, timeZone: "Europe/Berlin", missed: "all", maxMissed: 3 })).toEqual({
    cron: "0 8 * * *",
    timeZone: "Europe/Berlin",
  });
});

describe("options are refused, and the schedule is named", () => {
  test.each([
    [{ ...often, name: undefined }, "apply: it needs a name"],
    [{ ...often, name: "x".repeat(201) }, "apply: name must be"],
    [{ ...often, job: undefined }, 'apply: "often": it needs the job'],
    [{ ...often, job: 5 }, "apply: job must be"],
    [{ ...often, options: { runAt: 5 } }, 'apply: "often": options has no option "runAt"'],
    [{ ...often, maxMissed: 5 }, 'apply: "often": maxMissed goes with'],
    [{ ...often, missed: "all", maxMissed: 0 }, "apply: maxMissed must be"],
    [{ ...often, overlap: true }, "apply: overlap must be"],
    [{ ...often, cron: "* * * * *" }, 'apply: "often": it takes either'],
  ])("%j: %s", (given, says) => {
    expect(() => read(given)).toThrow(refusal);
    expect(() => read(given)).toThrow(says);
  });
});

test("what is not said is as usual, and stored", () => {
  const job = newJob(planNamedJobs("work", { tags: ["mail"] }), { n: 1 }, 5) as NewJob;
  const rule = { everyMs: 600_000, anchor: 0 };
  expect(planSchedule(often, rule, job)).toEqual(plan());
  const all = { ...often, missed: "all", maxMissed: 7, overlap: "skip" } as const;
  expect(planSchedule(all, rule, job)).toEqual(
    plan({ missed: "all", maxMissed: 7, overlap: "skip" }),
  );
});

describe("whose schedules are declared", () => {
  test.each([
    [{}, { group: "default", version: null }],
    [
      { group: "mail", version: 7 },
      { group: "mail", version: 7 },
    ],
    [{ version: new Date(9) }, { group: "default", version: 9 }],
  ])("%j", (options, expected) => {
    expect(readApplyOptions("apply", options)).toEqual(expected);
  });

  test.each([
    { version: -1 },
    { version: 1.5 },
    { version: "2" },
    { version: new Date(Number.NaN) },
    { group: "" },
  ])("is refused when it makes no sense: %j", (options) => {
    expect(() => readApplyOptions("apply", options as never)).toThrow(refusal);
  });
});

test("a name is checked", () => {
  expect(() => checkScheduleName("get", "x".repeat(200))).not.toThrow();
  for (const name of ["", 7, "x".repeat(201), "\u0000"]) {
    expect(() => checkScheduleName("get", name)).toThrow(refusal);
  }
});
