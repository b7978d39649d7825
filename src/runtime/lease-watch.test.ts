import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { recordingLogger } from "../../test/support/recording-logger.ts";
import type { Lease } from "../core/claimed-job.ts";
import type { SettleStore } from "../storage/contract/settle.ts";
import { createAbort } from "./abort.ts";
import { type LeaseWatch, watchLeases } from "./lease-watch.ts";
import type { Occupant } from "./slots.ts";

let opened: LeaseWatch | undefined;

afterEach(() => opened?.stop());

function occupant(id: string): Occupant {
  const lease = { id, owner: "1", run: 1 };
  return { lease, queue: "q", abort: createAbort(), ending: { written: false } };
}

/** A watch over these jobs, all of which somebody has cancelled. */
function watching(running: readonly Occupant[]) {
  const request = { why: "no more", by: "ada", at: 1 };
  const checkLeases = vi.fn<SettleStore["checkLeases"]>(async (leases: readonly Lease[]) => ({
    lost: [],
    cancelled: leases.map((lease) => ({ lease, request })),
  }));
  const slots = { running: () => running };
  const logger = recordingLogger();
  const watch = watchLeases({ storage: { checkLeases }, slots, logger, everyMs: 60_000 });
  opened = watch;
  return { watch, checkLeases, logger };
}

test("a request told of reaches its job at once, with who and why", async () => {
  const running: Occupant[] = [];
  const job = occupant("1");
  const { watch } = watching(running);
  running.push(job);
  watch.cancelled(["1"]);
  await vi.waitFor(() => expect(job.abort.reason).toBeDefined());
  expect(job.abort.reason).toMatchObject({ kind: "cancel", message: "no more", by: "ada" });
});

test("a request told of before its job has a place reaches it as soon as it has", async () => {
  const running: Occupant[] = [];
  const job = occupant("1");
  const { watch, checkLeases } = watching(running);
  watch.cancelled(["1"]);
  await sleep(50);
  expect(checkLeases, "nothing runs here").not.toHaveBeenCalled();
  running.push(job);
  await vi.waitFor(() => expect(job.abort.reason).toMatchObject({ kind: "cancel" }));
});

test("a request against a job elsewhere costs no statement", async () => {
  const running: Occupant[] = [];
  const { watch, checkLeases } = watching(running);
  await sleep(0);
  running.push(occupant("1"));
  watch.cancelled(["2"]);
  await sleep(100);
  expect(checkLeases).not.toHaveBeenCalled();
  watch.cancelled([]);
  await vi.waitFor(() => expect(checkLeases).toHaveBeenCalledTimes(1));
});

test("what could not be asked is asked again soon", async () => {
  const running: Occupant[] = [];
  const job = occupant("1");
  const { watch, checkLeases, logger } = watching(running);
  await sleep(0);
  checkLeases.mockRejectedValueOnce(new Error("The server is down."));
  running.push(job);
  watch.cancelled(["1"]);
  await vi.waitFor(() => expect(job.abort.reason).toMatchObject({ kind: "cancel" }));
  expect(checkLeases).toHaveBeenCalledTimes(2);
  expect(logger.lines).toMatchObject([{ level: "warn" }, { level: "info" }]);
});
