import { describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { recordingLogger } from "../../test/support/recording-logger.ts";
import { createLimitWarnings } from "../service/limit-warnings.ts";
import { createTransactionGuard } from "../service/transaction-guard.ts";
import type { LimitStore, TakeAnswer } from "../storage/contract/limit.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createGate } from "./gate.ts";
import { createLimits } from "./limits.ts";

const now = 1_750_000_000_000;

const granted: TakeAnswer = { outcome: "granted" };

function setUp({ answer = granted, declared = true } = {}) {
  const calls: unknown[][] = [];
  const storage: LimitStore = {
    declareScopes: async (...given) => void calls.push(["declare", ...given]),
    listScopes: async () => [
      {
        scope: "api",
        concurrent: null,
        rate: { count: 5, perMs: 60_000 },
        edited: true,
        held: 2,
        waiting: 3,
      },
    ],
    async updateScope(...given) {
      calls.push(["update", ...given]);
      return declared;
    },
    async takeTokens(...given) {
      calls.push(["take", ...given]);
      return answer;
    },
    async drainTokens(...given) {
      calls.push(["drain", ...given]);
      return declared ? "drained" : "undeclared";
    },
  };
  const log = recordingLogger();
  const guard = createTransactionGuard();
  const limits = createLimits({
    storage,
    clock: createManualClock(now),
    gate: createGate(guard),
    audit: async () => {},
    limitWarnings: createLimitWarnings(log),
  });
  return { limits, calls, log, guard };
}

describe("acquire", () => {
  test("takes one token of the scope's own bucket, or as many as asked of a key's", async () => {
    const { limits, calls } = setUp();
    await expect(limits.acquire("api")).resolves.toEqual({ granted: true });
    await limits.acquire("api", { by: "t1", weight: 3 });
    expect(calls).toEqual([
      ["take", "limit:api", "api", 1, now],
      ["take", "limit:api:t1", "api", 3, now],
    ]);
  });

  test.each<readonly [TakeAnswer, unknown]>([
    [
      { outcome: "denied", retryAfterMs: 250 },
      { granted: false, retryAfter: 250 },
    ],
    [{ outcome: "no-rate" }, { granted: true }],
    [{ outcome: "undeclared" }, { granted: false, retryAfter: 60_000 }],
  ])("says what came of it (case %#)", async (answer, grant) => {
    await expect(setUp({ answer }).limits.acquire("api")).resolves.toEqual(grant);
  });

  test("of a limit nobody declared warns by code", async () => {
    const { limits, log } = setUp({ answer: { outcome: "undeclared" } });
    await limits.acquire("api");
    await limits.acquire("api");
    expect(log.lines.map(({ fields }) => fields)).toEqual([
      { code: "LIMIT_UNDECLARED", scope: "api" },
    ]);
  });
});

describe("drain", () => {
  test("empties the bucket for a while, or for the rate's own time", async () => {
    const { limits, calls } = setUp();
    await limits.drain("api", { for: "30s" });
    await limits.drain("api", { by: "t1" });
    expect(calls).toEqual([
      ["drain", "limit:api", "api", 30_000, now],
      ["drain", "limit:api:t1", "api", null, now],
    ]);
  });

  test("of a limit nobody declared warns by code", async () => {
    const { limits, log } = setUp({ declared: false });
    await limits.drain("api");
    expect(log.lines.map(({ fields }) => fields)).toEqual([
      { code: "LIMIT_UNDECLARED", scope: "api" },
    ]);
  });
});

test("list writes rates as they are read", async () => {
  await expect(setUp().limits.list()).resolves.toEqual([
    { scope: "api", concurrent: null, rate: "5/1m", edited: true, held: 2, waiting: 3 },
  ]);
});

test("update changes what is named, and null takes it away", async () => {
  const { limits, calls } = setUp();
  await limits.update("api", { rate: "1/1s" });
  await limits.update("api", { rate: null, concurrent: 2 });
  expect(calls).toEqual([
    ["update", "api", { rate: { count: 1, perMs: 1_000 } }, now],
    ["update", "api", { rate: null, concurrent: 2 }, now],
  ]);
  const missing = setUp({ declared: false }).limits.update("api", { rate: null });
  await expect(missing).rejects.toEqual(coded("LIMIT_UNDECLARED", "declare it first"));
});

test("every call refuses what is wrong, and being made inside a transaction", async () => {
  const { limits, guard, calls } = setUp();
  const wrong: readonly (() => Promise<unknown>)[] = [
    () => limits.acquire("a:b"),
    () => limits.acquire("api", { weight: 0 }),
    () => limits.acquire("api", { by: "" }),
    () => limits.acquire("api", { key: "t1" } as never),
    () => limits.drain(7 as never),
    () => limits.drain("api", { for: "soon" as never }),
    () => limits.declare({ api: {} as never }),
    () => limits.update("api", {}),
    () => limits.update("api", { concurrent: 0 }),
    () => limits.update("api", { rate: "1" as never }),
  ];
  for (const call of wrong) await expect(call()).rejects.toEqual(coded("INVALID_OPTION"));
  await guard.inside(async () => {
    await expect(limits.acquire("api")).rejects.toEqual(coded("TRANSACTION_OPEN"));
    await expect(limits.drain("api")).rejects.toEqual(coded("TRANSACTION_OPEN"));
  }, {});
  expect(calls).toEqual([]);
});
