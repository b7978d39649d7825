import { expect, test } from "vitest";
import { changeBetween, readField, type Settings, settingsOf } from "./settings-draft.ts";

const none = settingsOf({
  concurrency: null,
  maxRunning: null,
  backoff: null,
  retention: { completed: null, dead: null },
});
const set = settingsOf({
  concurrency: 5,
  maxRunning: 20,
  backoff: { minMs: 2_000, maxMs: 60_000, factor: 2, jitter: 0.2 },
  retention: { completed: 172_800_000, dead: null },
});
const but = (settings: Settings, changes: Partial<Settings>) => ({ ...settings, ...changes });

test("only what differs is sent, and the same written otherwise does not differ", () => {
  expect(changeBetween(set, but(set, { backoffMax: "60s", keepCompleted: "48h" }))).toBeUndefined();
  expect(changeBetween(set, but(set, { maxRunning: "7" }))).toEqual({ maxRunning: 7 });
  expect(changeBetween(none, but(none, { keepDead: "1d" }))).toEqual({
    retention: { completed: null, dead: "1d" },
  });
});

test("an emptied field takes a setting back, and a curve goes as a whole", () => {
  expect(changeBetween(set, but(set, { concurrency: " " }))).toEqual({ concurrency: null });
  expect(changeBetween(set, but(set, { backoffJitter: "0" }))).toEqual({
    backoff: { min: "2s", max: "1m", factor: 2, jitter: 0 },
  });
  expect(changeBetween(set, none)).toEqual({
    concurrency: null,
    maxRunning: null,
    backoff: null,
    retention: { completed: null, dead: null },
  });
});

test("what cannot be read is not sent", () => {
  const wrong: Partial<Settings>[] = [
    { concurrency: "0" },
    { maxRunning: "1.5" },
    { maxRunning: "1000001" },
    { backoffMin: "5" },
    { backoffFactor: "0.5" },
    { backoffJitter: "2" },
    { keepDead: "7 days" },
  ];
  for (const change of wrong) {
    expect(changeBetween(none, but(none, change))).toBeUndefined();
    const [field] = Object.keys(change) as [keyof Settings];
    expect(readField(field, but(none, change))).toBeUndefined();
  }
});
