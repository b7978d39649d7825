import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { recordingLogger } from "../../test/support/recording-logger.ts";
import { createLimitWarnings } from "./limit-warnings.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("an undeclared limit is warned of once a minute, each for itself, by code and name", () => {
  const log = recordingLogger();
  const warnings = createLimitWarnings(log);
  for (const scope of ["api", "api", "disk"]) warnings.undeclared(scope);
  vi.advanceTimersByTime(59_999);
  warnings.undeclared("api");
  vi.advanceTimersByTime(1);
  warnings.undeclared("api");
  expect(log.lines.map(({ level, fields }) => [level, fields])).toEqual(
    ["api", "disk", "api"].map((scope) => ["warn", { code: "LIMIT_UNDECLARED", scope }]),
  );
});
