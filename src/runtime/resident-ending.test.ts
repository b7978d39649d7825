import { describe, expect, test } from "vitest";
import { claimedJob } from "../../test/support/claimed-job.ts";
import { defineJob } from "../core/define-job.ts";
import { defineResidentJob } from "../core/define-resident-job.ts";
import { storeError } from "../core/stored-error.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createAbort } from "./abort.ts";
import type { Attempt } from "./attempt.ts";
import { createEndingLatch } from "./ending-latch.ts";
import type { AttemptEnding } from "./executor.ts";
import { allowedEnding } from "./resident-ending.ts";

const clock = createManualClock();
const resident = defineResidentJob<null>({ name: "report" });
const error = storeError(new Error("no"));

function attemptOf(definition: Attempt["handler"]["definition"] = resident): Attempt {
  const ending = createEndingLatch(clock);
  return {
    job: claimedJob(),
    handler: { definition },
    abort: createAbort(),
    ending,
    clock,
    began: 0,
    span: undefined,
  };
}

const cancelled: AttemptEnding = { kind: "cancelled", why: "no", by: null };
const discarded: AttemptEnding = { kind: "discarded", error, code: "JOB_DISCARDED" };

describe("the ending of a resident job's attempt", () => {
  test.each<AttemptEnding>([
    { kind: "completed" },
    { kind: "completed", result: "1" },
    cancelled,
    discarded,
  ])("$kind by its own will is a failed attempt", (ending) => {
    expect(allowedEnding(attemptOf(), ending)).toMatchObject({
      kind: "failed",
      error: { code: "RESULT_INVALID" },
    });
  });

  test.each<AttemptEnding>([
    { kind: "rescheduled", runAt: 1 },
    { kind: "snoozed", runAt: 1 },
    { kind: "throttling", retryAfterMs: null },
    { kind: "failed", error },
    { kind: "timed-out", error },
    { kind: "released" },
    { kind: "discarded", error, code: "PAYLOAD_INVALID" },
  ])("$kind stands", (ending) => {
    expect(allowedEnding(attemptOf(), ending)).toBe(ending);
  });

  test("cancelled stands when somebody asked for it", () => {
    const attempt = attemptOf();
    attempt.abort.abort({ kind: "cancel", message: "not needed" });
    expect(allowedEnding(attempt, cancelled)).toBe(cancelled);
  });

  test("is any for jobs of other kinds", () => {
    const attempt = attemptOf(defineJob({ name: "report" }));
    for (const ending of [{ kind: "completed" } as const, cancelled, discarded]) {
      expect(allowedEnding(attempt, ending)).toBe(ending);
    }
  });
});
