import { expect, test } from "vitest";
import { type ScheduleDraft, scheduleChange, wrongFields } from "./schedule-draft.ts";
import { offsetText, zonedFormat } from "./zoned-time.ts";

const stored: ScheduleDraft = {
  kind: "cron",
  cron: "0 8 * * *",
  timeZone: "Europe/Berlin",
  every: "",
  missed: "once",
  overlap: "allow",
  payload: '{"id":12345678901234567890}',
};
const but = (changes: Partial<ScheduleDraft>): ScheduleDraft => ({ ...stored, ...changes });

test("only what was changed is sent", () => {
  expect(scheduleChange(stored, but({ cron: " 0 8 * * * " }))).toBeUndefined();
  expect(scheduleChange(stored, but({ cron: "0 9 * * *" }))).toEqual({ cron: "0 9 * * *" });
  expect(scheduleChange(stored, but({ overlap: "skip", payload: "1" }))).toEqual({
    overlap: "skip",
    payload: "1",
  });
});

test("the other kind of timing is sent as a whole, and what belongs to the old one is not", () => {
  const every = but({ kind: "every", every: "15m" });
  expect(scheduleChange(stored, every)).toEqual({ every: "15m" });
  expect(scheduleChange(every, stored)).toEqual({ cron: "0 8 * * *", timeZone: "Europe/Berlin" });
});

test("what cannot be is not sent", () => {
  const wrong: Partial<ScheduleDraft>[] = [
    { cron: " " },
    { timeZone: "" },
    { kind: "every", every: "15" },
    { kind: "every", every: "500ms" },
    { payload: "{" },
  ];
  for (const change of wrong) {
    expect(wrongFields(but(change)).size).toBe(1);
    expect(scheduleChange(stored, but({ missed: "all", ...change }))).toBeUndefined();
  }
  expect(wrongFields(but({ kind: "every", every: "1s", cron: "" })).size).toBe(0);
});

test("ticks are written by the clock of their zone, or of the reader where the zone is unknown", () => {
  const at = Date.UTC(2026, 9, 25, 7);
  expect(zonedFormat("en-GB", "Europe/Berlin")(at)).toContain("08:00:00");
  expect(zonedFormat("en-GB", "Mars/Olympus")(at)).toContain("2026");
  expect([330, -180, 0].map(offsetText)).toEqual(["UTC+5:30", "UTC−3", "UTC+0"]);
});
