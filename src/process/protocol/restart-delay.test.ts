import { expect, test } from "vitest";
import { restartDelayMs } from "./restart-delay.ts";

test("nothing lost is no pause; then it doubles from 100 ms to 30 s", () => {
  expect([0, 1, 2, 3, 9, 10, 2_000].map(restartDelayMs)).toEqual([
    0, 100, 200, 400, 25_600, 30_000, 30_000,
  ]);
});
