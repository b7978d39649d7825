import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { claimedJob, now } from "../../test/support/claimed-job.ts";
import { createLatch } from "../../test/support/latch.ts";
import { recordingLogger } from "../../test/support/recording-logger.ts";
import { defineJob } from "../core/define-job.ts";
import type { JobContext } from "../core/job-context.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createAbort } from "./abort.ts";
import type { Attempt } from "./attempt.ts";
import { createEndingLatch } from "./ending-latch.ts";
import type { AttemptEnding } from "./executor.ts";
import { withinGrace } from "./grace.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const shutdown = { kind: "shutdown", message: "going" } as const;
const timeout = { kind: "timeout", message: "too slow" } as const;

function held() {
  const clock = createManualClock(now);
  const attempt: Attempt = {
    job: claimedJob(),
    handler: defineJob({ name: "report" }).handler(() => {}),
    abort: createAbort(),
    ending: createEndingLatch(clock),
    clock,
    began: now,
    span: undefined,
  };
  const { opened, open } = createLatch<AttemptEnding>();
  const log = recordingLogger();
  const result = withinGrace(attempt, opened, 1_000, { log } as unknown as JobContext);
  return { attempt, open, log, result };
}

test("an ending that comes in the grace counts, and its timer is taken back", async () => {
  const { attempt, open, result, log } = held();
  attempt.abort.abort(shutdown);
  await vi.advanceTimersByTimeAsync(999);
  open({ kind: "completed" });
  await expect(result).resolves.toEqual({ kind: "completed" });
  expect(vi.getTimerCount()).toBe(0);
  expect(log.lines).toEqual([]);
});

test("after a timeout it makes no difference what comes in the grace", async () => {
  const { attempt, open, result } = held();
  attempt.abort.abort(timeout);
  open({ kind: "completed", result: "1" });
  await expect(result).resolves.toMatchObject({ kind: "timed-out", error: { code: "TIMED_OUT" } });
});

test("but a job that its transaction has settled stays settled", async () => {
  const { attempt, open, result } = held();
  attempt.abort.abort(timeout);
  open({ kind: "already-settled" });
  await expect(result).resolves.toEqual({ kind: "already-settled" });
});

test("past the grace the slot goes on without the handler, with a warning", async () => {
  const { attempt, result, log } = held();
  attempt.abort.abort(shutdown);
  await vi.advanceTimersByTimeAsync(1_000);
  await expect(result).resolves.toEqual({ kind: "released" });
  expect(log.lines).toMatchObject([{ level: "warn", fields: { reason: "going" } }]);
});

test("a handler abandoned after its transaction committed has settled its job", async () => {
  const { attempt, result } = held();
  await attempt.ending.transact(async () => {});
  attempt.abort.abort(timeout);
  await vi.advanceTimersByTimeAsync(1_000);
  await expect(result).resolves.toEqual({ kind: "already-settled" });
});

test("an abort after the end starts no grace", async () => {
  const { attempt, open, result } = held();
  open({ kind: "completed" });
  await result;
  attempt.abort.abort(shutdown);
  expect(vi.getTimerCount()).toBe(0);
});
