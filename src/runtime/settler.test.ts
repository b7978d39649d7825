import { describe, expect, test } from "vitest";
import { recordingLogger } from "../../test/support/recording-logger.ts";
import { type ErrorCode, HoldfastError } from "../core/errors.ts";
import type { Settlement } from "../core/settlement.ts";
import type { Attempt } from "../core/attempt.ts";
import type { Job } from "../core/job.ts";
import type { SettleAnswer } from "../storage/contract/settle.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createSettler, type Settler, type SettlerStore } from "./settler.ts";

const attempt: Attempt = {
  number: 1,
  run: 3,
  worker: "7",
  began: 0,
  ended: 1,
  how: "completed",
};

function settlement(id: string, run = 1): Settlement {
  return {
    lease: { id, owner: "7", run },
    to: "completed",
    runAt: null,
    attempt: 1,
    crashes: 0,
    backoffMs: 0,
    attempts: [attempt],
    reason: null,
    unlessCancelRequested: false,
  };
}

type Answer = (ids: readonly string[]) => readonly SettleAnswer[];

const settled: SettleAnswer = { outcome: "settled" };
const allSettled: Answer = (ids) => ids.map(() => settled);

/** A store that answers each call as the next of `answers` says, and the rest as the last does. */
function fakeStore(...answers: readonly Answer[]) {
  const batches: (readonly string[])[] = [];
  const store: SettlerStore = {
    getJob: async () => ({ attempts: [attempt] }) as unknown as Job,
    settleAndClaim: async () => {
      throw new Error("nobody claims along");
    },
    async settleJobs(settlements) {
      const ids = settlements.map(({ lease }) => lease.id);
      batches.push(ids);
      return (answers[batches.length - 1] ?? answers.at(-1) ?? allSettled)(ids);
    },
  };
  return { store, batches };
}

function failing(code: ErrorCode): Answer {
  return () => {
    throw new HoldfastError(code, "It went wrong.");
  };
}

function open(...answers: readonly Answer[]) {
  const log = recordingLogger();
  const { store, batches } = fakeStore(...answers);
  return {
    settler: createSettler({
      storage: store,
      clock: createManualClock(),
      logger: log,
      concurrency: 1_000,
      partner: () => undefined,
    }),
    batches,
    log,
  };
}

function settleAll(settler: Settler, ...ids: readonly string[]): Promise<SettleAnswer>[] {
  return ids.map((id) => settler.settle(settlement(id)));
}

describe("settlements", () => {
  test("of one turn go together and each gets its own answer", async () => {
    const lost: SettleAnswer = { outcome: "lease-lost" };
    const { settler, batches } = open((ids) => ids.map((id) => (id === "2" ? lost : settled)));
    const answers = await Promise.all(settleAll(settler, "1", "2", "3"));
    expect(answers).toEqual([settled, lost, settled]);
    expect(batches).toEqual([["1", "2", "3"]]);
  });

  test("that arrive while a batch is in flight go together in the next", async () => {
    const later: Promise<SettleAnswer>[] = [];
    const { settler, batches } = open((ids) => {
      if (later.length === 0) later.push(...settleAll(settler, "2", "3"));
      return allSettled(ids);
    });
    await Promise.all(settleAll(settler, "1"));
    await Promise.all(later);
    expect(batches).toEqual([["1"], ["2", "3"]]);
  });

  test("are at most 500 to a batch", async () => {
    const { settler, batches } = open();
    await Promise.all(settleAll(settler, ...Array.from({ length: 1_100 }, (_, id) => String(id))));
    expect(batches.map(({ length }) => length)).toEqual([500, 500, 100]);
  });

  test("a full batch goes beside one that is being written, anything less waits for it", async () => {
    const store = fakeStore().store;
    const under: { readonly jobs: number; readonly end: () => void }[] = [];
    const slow: SettlerStore = {
      ...store,
      settleJobs: (some) =>
        new Promise((resolve) => {
          under.push({ jobs: some.length, end: () => resolve(some.map(() => settled)) });
        }),
    };
    const clock = createManualClock();
    const logger = recordingLogger();
    const partner = () => undefined;
    const settler = createSettler({ storage: slow, clock, logger, concurrency: 1_000, partner });
    const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
    const all = settleAll(settler, "1");
    await turn();
    all.push(...settleAll(settler, "2", "3"));
    await turn();
    expect(under.map(({ jobs }) => jobs)).toEqual([1]);
    all.push(...settleAll(settler, ...Array.from({ length: 600 }, (_, id) => `x${id}`)));
    await turn();
    expect(under.map(({ jobs }) => jobs)).toEqual([1, 500]);
    for (let done = 0; done < under.length; done += 1) {
      under[done]?.end();
      await turn();
    }
    expect(under.map(({ jobs }) => jobs)).toEqual([1, 500, 102]);
    await Promise.all(all);
  });

  test("storage forgot to answer count as lost", async () => {
    const { settler } = open(() => []);
    await expect(settler.settle(settlement("1"))).resolves.toEqual({ outcome: "lease-lost" });
  });
});

describe("an outage", () => {
  test.each<ErrorCode>([
    "STORAGE_UNAVAILABLE",
    "STORAGE_BUSY",
    "STORAGE_READ_ONLY",
    "STORAGE_INVALID",
  ])("of the kind %s is waited out, with one warning", async (code) => {
    const down = failing(code);
    const { settler, batches, log } = open(down, down, down, allSettled);
    const began = performance.now();
    const answers = await Promise.all(settleAll(settler, "1", "2"));
    expect(answers).toEqual([settled, settled]);
    expect(performance.now() - began).toBeGreaterThan(50 + 100 + 200 - 5);
    expect(batches).toHaveLength(4);
    expect(log.said("settling failed; trying again")).toHaveLength(1);
  });
});

describe("a lease found lost after an outage", () => {
  const lost: SettleAnswer = { outcome: "lease-lost" };
  test.each([
    [
      "is no loss when the job has this run's attempt: the answer was lost, not the write",
      3,
      settled,
    ],
    ["is lost when the job has no such attempt", 2, lost],
  ])("%s", async (_, run, answer) => {
    const { settler } = open(failing("STORAGE_UNAVAILABLE"), () => [lost]);
    await expect(settler.settle(settlement("1", run))).resolves.toEqual(answer);
  });

  test("is lost without a question when nothing failed before", async () => {
    const { settler } = open(() => [lost]);
    await expect(settler.settle(settlement("1", 3))).resolves.toEqual(lost);
  });
});

describe("a settlement storage refuses", () => {
  test.each<ErrorCode>(["STORAGE_FAILED", "CLIENT_CLOSED"])(
    "with %s is rejected, and its neighbours are written",
    async (code) => {
      const { settler, batches } = open((ids) =>
        ids.includes("2") ? failing(code)(ids) : allSettled(ids),
      );
      const [one, two, three] = await Promise.allSettled(settleAll(settler, "1", "2", "3"));
      expect(one).toEqual({ status: "fulfilled", value: settled });
      expect(two).toMatchObject({ status: "rejected", reason: { code } });
      expect(three).toEqual({ status: "fulfilled", value: settled });
      expect(batches).toEqual([["1", "2", "3"], ["1"], ["2"], ["3"]]);
      await expect(settler.settle(settlement("4"))).resolves.toEqual(settled);
    },
  );
});
