import { describe, expect, test } from "vitest";
import { readRule } from "./schedule-rule.ts";

const read = (timing: object) => readRule("upsert", timing);

describe("a timing is stored as a rule", () => {
  test.each([
    [{ cron: "  0   8 * *\t1-5 " }, { cron: "0 8 * * 1-5", timeZone: "UTC" }],
    [
      { cron: "@daily", timeZone: "Europe/Berlin" },
      { cron: "@daily", timeZone: "Europe/Berlin" },
    ],
    [{ every: "15m" }, { everyMs: 900_000, anchor: 0 }],
    [
      { every: 1_000, anchor: new Date(5) },
      { everyMs: 1_000, anchor: 5 },
    ],
    [
      { every: "1w", anchor: -7 },
      { everyMs: 604_800_000, anchor: -7 },
    ],
  ])("%j", (timing, rule) => {
    expect(read(timing)).toEqual(rule);
  });
});

describe("a timing is refused", () => {
  test.each([
    [{}, "takes either cron or every"],
    [{ cron: "* * * * *", every: "1m" }, "takes either cron or every"],
    [{ cron: "* * * * *", anchor: 0 }, "anchor goes with every"],
    [{ every: "1m", timeZone: "UTC" }, "timeZone goes with cron"],
    [{ every: "999ms" }, "at least"],
    [{ every: "soon" }, "every must be a duration"],
    [{ every: "1m", anchor: "noon" }, "anchor must be"],
    [{ cron: "* * * * *", timeZone: "" }, "timeZone must be"],
    [{ cron: ["0 8 * * *", "0 9 * * *"] }, "cron must be one cron expression as text"],
  ])("%j: %s", (timing, says) => {
    expect(() => read(timing)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
    expect(() => read(timing)).toThrow(says);
  });
});
