import { beforeEach, expect, test } from "vitest";
import { createLatch } from "../../test/support/latch.ts";
import { recordingLogger } from "../../test/support/recording-logger.ts";
import type { AdmitAnswer } from "../storage/contract/admit.ts";
import { type Admitter, createAdmitter } from "./admitter.ts";

const nothing: AdmitAnswer = { rows: 0, more: false, queues: [], nextAt: null, undeclared: [] };

let asked: (readonly string[])[];
let answers: ((gates: readonly string[]) => Promise<AdmitAnswer>)[];
let filled: string[];
let refills: number[];
let undeclared: string[];
let log: ReturnType<typeof recordingLogger>;
let admitter: Admitter;

beforeEach(() => {
  asked = [];
  answers = [];
  filled = [];
  refills = [];
  undeclared = [];
  log = recordingLogger();
  admitter = createAdmitter({
    storage: {
      async admitJobs(gates) {
        asked.push(gates);
        return (await answers.shift()?.(gates)) ?? nothing;
      },
    },
    clock: { now: () => 10, after: () => () => {} },
    logger: log,
    limitWarnings: { undeclared: (scope) => void undeclared.push(scope) },
    filled: (queues) => void filled.push(...queues),
    refills: (at) => void refills.push(at),
  });
});

test("gates named while a call is under way go together in the next", async () => {
  const first = createLatch();
  answers.push(async () => {
    await first.opened;
    return nothing;
  });
  admitter.admit(["lane:a"]);
  admitter.admit(["lane:b", "lane:c"]);
  admitter.admit(["lane:a", "lane:b"]);
  first.open();
  await admitter.idle();
  expect(asked).toEqual([["lane:a"], ["lane:b", "lane:c", "lane:a"]]);
});

test("what an answer says is passed on, and more is asked for at once", async () => {
  const told = { queues: ["mail"], nextAt: 70, undeclared: ["api"] };
  answers.push(async () => ({ rows: 100, more: true, ...told }));
  admitter.admit(["limit:api"]);
  await admitter.idle();
  expect(asked).toEqual([["limit:api"], ["limit:api"]]);
  expect({ filled, refills, undeclared }).toEqual({
    filled: ["mail"],
    refills: [70],
    undeclared: ["api"],
  });
});

test("a gate somebody else is at is asked for again, but not for ever", async () => {
  for (let call = 0; call < 20; call += 1) answers.push(async () => ({ ...nothing, more: true }));
  admitter.admit(["lane:a"]);
  await admitter.idle();
  expect(asked).toHaveLength(8);
});

test("it does not hold up others meanwhile", async () => {
  answers.push(async () => {
    admitter.admit(["lane:b"]);
    return { ...nothing, more: true };
  });
  admitter.admit(["lane:a"]);
  await admitter.idle();
  expect(asked).toEqual([["lane:a"], ["lane:b"], ["lane:a"]]);
});

test("a failure is left to the pass, and the next commit asks again", async () => {
  answers.push(async () => {
    throw new Error("away");
  });
  admitter.admit(["lane:a"]);
  await admitter.idle();
  expect(log.lines.map(({ level }) => level)).toEqual(["debug"]);
  admitter.admit(["lane:a"]);
  await admitter.idle();
  expect(asked).toHaveLength(2);
});

test("a hundred gates go in one call at most", async () => {
  admitter.admit(Array.from({ length: 250 }, (_, index) => `lane:${index}`));
  await admitter.idle();
  expect(asked.map((gates) => gates.length)).toEqual([100, 100, 50]);
});

test("no gates are nothing to ask for", async () => {
  admitter.admit([]);
  await admitter.idle();
  expect(asked).toEqual([]);
});
