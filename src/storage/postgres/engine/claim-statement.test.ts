import { describe, expect, test } from "vitest";
import { defaultRetryPolicy } from "../../../core/defaults.ts";
import { claimAnswer } from "./claim-statement.ts";

const request = {
  owner: "7",
  queues: [
    { queue: "mail", limit: 10 },
    { queue: "a\u001fb", limit: 10 },
  ],
  limit: 10,
  handlers: { report: 1 },
  floors: {},
  now: 50,
};

interface Given {
  readonly often?: readonly unknown[];
  readonly seldom?: readonly unknown[];
  readonly name?: string;
  readonly queue?: string;
}

/** A job as `claim_traced` tells it. */
function text(given: Given): string {
  const { often = [3, 1, 5, 9, 1, 1, 10], name = "report", queue = "mail" } = given;
  const seldom = given.seldom ?? [""];
  return [...often, Array.from(name).length, '{"x":1}', ...seldom, name, queue].join("\u001f");
}

describe("the text of a claimed job", () => {
  test("of one like most says what such a job has", () => {
    expect(claimAnswer(request, [text({})]).jobs).toEqual([
      {
        lease: { id: "3", owner: "7", run: 1 },
        name: "report",
        version: 1,
        queue: "mail",
        payload: '{"x":1}',
        checkpoint: null,
        attempt: 1,
        crashes: 0,
        started: true,
        createdAt: 10,
        runAt: 10,
        claimedAt: 50,
        backoffMs: 0,
        policy: defaultRetryPolicy,
        attempts: [],
        tags: [],
        gates: [],
        trace: null,
      },
    ]);
  });

  test("of one with everything says all of it", () => {
    const policy = { ...defaultRetryPolicy, attempts: 2 };
    const gates = '[{"gate":"lane:a","weight":1}]';
    const seldom = [
      2,
      30,
      4,
      "[1]",
      JSON.stringify(policy),
      '[{"number":1}]',
      '["t"]',
      gates,
      "a b=c",
    ];
    expect(claimAnswer(request, [text({ seldom })]).jobs[0]).toMatchObject({
      crashes: 2,
      started: false,
      runAt: 30,
      backoffMs: 4,
      checkpoint: "[1]",
      policy,
      attempts: [{ number: 1 }],
      tags: ["t"],
      gates: [{ gate: "lane:a", weight: 1 }],
      trace: "a b=c",
    });
  });

  test.each([
    ["re\u001fport", "mail"],
    ["report", "a\u001fb"],
    ["\u{1f600}\u001f", "\u001f\u{1f600}\u001f"],
  ])("keeps a name %j and a queue %j that hold the separator", (name, queue) => {
    expect(claimAnswer(request, [text({ name, queue })]).jobs[0]).toMatchObject({ name, queue });
  });
});

test("jobs come by queue asked for, priority and seq, and each lane's first is its floor", () => {
  const job = (id: number, priority: number, seq: number, queue: string) =>
    text({ often: [id, 1, priority, seq, 1, 1, 10], queue });
  const texts = [job(1, 5, 9, "a\u001fb"), job(2, 5, 8, "mail"), job(3, 5, 7, "mail")];
  const answer = claimAnswer(request, [...texts, job(4, 1, 10, "mail")]);
  expect(answer.jobs.map(({ lease }) => lease.id)).toEqual(["4", "3", "2", "1"]);
  expect(answer.floors).toEqual({ mail: { 1: 10, 5: 7 }, "a\u001fb": { 5: 9 } });
});
