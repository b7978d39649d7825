import { expect, test } from "vitest";
import { recordingLogger } from "../../test/support/recording-logger.ts";
import type { ClaimedJob } from "../core/claimed-job.ts";
import { defaultRetryPolicy } from "../core/defaults.ts";
import type { ClaimStore } from "../storage/contract/claim.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createAbort } from "./abort.ts";
import { createSlots } from "./slots.ts";
import { createStarter } from "./start-jobs.ts";

function job(id: string, crashes = 0): ClaimedJob {
  return {
    lease: { id, owner: "7", run: 1 },
    name: "noop",
    version: 1,
    queue: "a",
    payload: "{}",
    checkpoint: null,
    attempt: 1,
    crashes,
    started: crashes === 0,
    createdAt: 0,
    runAt: 0,
    claimedAt: 0,
    backoffMs: 0,
    policy: defaultRetryPolicy,
    attempts: [],
    tags: [],
    gates: [],
    trace: null,
  };
}

/** A starter whose jobs run until they are ended by hand. */
function open() {
  const slots = createSlots(10, new Map([["a", 10]]));
  const running = new Map<string, () => void>();
  const storage: Pick<ClaimStore, "startJobs"> = { startJobs: async () => [] };
  const run = ({ lease, queue }: ClaimedJob): Promise<void> => {
    const slot = slots.take({ lease, queue, abort: createAbort(), ending: { written: false } });
    return new Promise((resolve) => {
      running.set(lease.id, () => {
        slot.free();
        running.delete(lease.id);
        resolve();
      });
    });
  };
  const released: string[] = [];
  const release = async ({ lease }: ClaimedJob) => void released.push(lease.id);
  const runner = { run, release };
  const [clock, logger] = [createManualClock(), recordingLogger()];
  const starter = createStarter(
    { slots, storage, clock, runner, logger, onClaimed: () => {} },
    { ending: new AbortController().signal, onBegun: () => {} },
  );
  return { starter, running, released };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

test("a job that crashed before runs alone, and what another claim brings meanwhile is given back", async () => {
  const { starter, running, released } = open();
  starter.start([job("1")]);
  await turn();
  expect(starter.stalled()).toBe(false);
  starter.start([job("2", 1)]);
  expect(starter.beginning()).toEqual(["a"]);
  starter.start([job("3"), job("4", 1)]);
  expect(starter.stalled()).toBe(true);
  await turn();
  expect(released).toEqual(["3"]);
  expect([...running.keys()]).toEqual(["1"]);
  running.get("1")?.();
  await turn();
  expect([...running.keys()]).toEqual(["2"]);
  running.get("2")?.();
  await turn();
  expect([...running.keys()]).toEqual(["4"]);
  running.get("4")?.();
  await turn();
  expect(starter.beginning()).toEqual([]);
  expect(starter.stalled()).toBe(false);
});
