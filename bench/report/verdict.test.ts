import { describe, expect, test } from "vitest";
import type { NotRun, Sample } from "../samples.ts";
import { madeUpRun, madeUpSamples } from "./made-up-run.ts";
import { summarise } from "./summary.ts";
import { isGood, judge, type Judgement } from "./verdict.ts";
import { goalOf, measuredOf, subjectOf, verdictText } from "./verdict-text.ts";

function judged(samples: readonly Sample[], notRun: readonly NotRun[] = []): readonly Judgement[] {
  return judge(summarise(madeUpRun(samples, notRun)));
}

function find(judgements: readonly Judgement[], subject: string): Judgement {
  const found = judgements.find(({ target }) => subjectOf(target) === subject);
  if (found === undefined) throw new Error(`there is no target ${subject}`);
  return found;
}

const boss = "PostgreSQL: drain of 100k, 1 process vs pg-boss";

describe("a target against a peer", () => {
  test("passes at its bound and misses below it", () => {
    const at = judged(madeUpSamples("drain-1", { holdfast: [30, 30], "pg-boss": [10, 10] }));
    const below = judged(madeUpSamples("drain-1", { holdfast: [29, 29], "pg-boss": [10, 10] }));
    expect(find(at, boss).word).toBe("PASS");
    expect(find(below, boss).word).toBe("MISS");
  });

  test("misses when only the ratio of the medians does", () => {
    const figures = { holdfast: [30, 60, 90], "pg-boss": [10, 21, 25] };
    const judgement = find(judged(madeUpSamples("drain-1", figures)), boss);
    expect(judgement).toMatchObject({ word: "MISS", measured: { median: 3 } });
    expect(measuredOf(judgement)).toBe("3.000x [2.857x to 3.600x], of medians 2.857x");
  });

  test("meets the better preset of each round", () => {
    const figures = {
      holdfast: [20, 20],
      "graphile-worker:batch": [9, 10],
      "graphile-worker:big": [10, 9],
    };
    const judgements = judged(madeUpSamples("drain-1", figures));
    const judgement = find(judgements, "PostgreSQL: drain of 100k, 1 process vs graphile-worker");
    expect(judgement).toMatchObject({ word: "PASS", measured: { median: 2, min: 2, max: 2 } });
  });

  test("is at most its bound where lower is better", () => {
    const subject = "SQLite: start latency at 50/s, p50 vs plainjob";
    const options = { backend: "sqlite", better: "lower" } as const;
    const slow = madeUpSamples("latency-idle-p50", { holdfast: [2.1], plainjob: [4] }, options);
    const fast = madeUpSamples("latency-idle-p50", { holdfast: [2], plainjob: [4] }, options);
    expect(find(judged(slow), subject).word).toBe("MISS");
    expect(find(judged(fast), subject).word).toBe("PASS");
  });

  test("without a figure is not measured, and says why", () => {
    const reason = "no redis-server on this machine";
    const refusal = { scenario: "drain-1", backend: "redis", system: "bullmq-redis", reason };
    const judgements = judged(madeUpSamples("drain-1", { holdfast: [30] }), [refusal]);
    const judgement = find(judgements, "PostgreSQL: drain of 100k, 1 process vs bullmq-redis");
    expect(judgement.word).toBe("NOT MEASURED");
    expect(judgement.reason).toContain(reason);
  });

  test("that is only to be reported is reported, and one that does not apply is passed over", () => {
    const figures = { holdfast: [30], "bullmq-redis@redis": [60] };
    const judgements = judged(madeUpSamples("enqueue-8-processes", figures));
    const reported = "PostgreSQL: enqueue, 8 processes with one caller each vs bullmq-redis";
    expect(find(judgements, reported).word).toBe("REPORTED");
    expect(find(judgements, "PostgreSQL: idle statements, 1 worker vs bullmq-redis").word).toBe(
      "N/A",
    );
  });
});

describe("a target of Holdfast's own", () => {
  test("compares with its other scenario's median", () => {
    const samples = [
      ...madeUpSamples("steady-p99", { holdfast: [10] }, { better: "lower" }),
      ...madeUpSamples("pinned-p99", { holdfast: [21] }, { better: "lower" }),
      ...madeUpSamples("drain-1", { holdfast: [100, 90, 110] }),
      ...madeUpSamples("drain-backlog", { holdfast: [90, 95, 80] }),
    ];
    const own = judged(samples).filter(({ target }) => target.kind === "flatness");
    const words = Object.fromEntries(own.map(({ target, word }) => [target.scenario, word]));
    expect(words).toMatchObject({
      "pinned-p99": "MISS",
      "drain-backlog": "PASS",
      "pinned-throughput": "NOT MEASURED",
    });
  });

  test("keeps within a bound of its own", () => {
    const wal = "PostgreSQL: WAL per job, no full-page images";
    const lower = { better: "lower" } as const;
    const at = judged(madeUpSamples("wal-per-job", { holdfast: [1_000] }, lower));
    const above = judged(madeUpSamples("wal-per-job", { holdfast: [1_001] }, lower));
    expect(find(at, wal).word).toBe("PASS");
    expect(find(above, wal).word).toBe("MISS");
    expect(goalOf(find(at, wal).target)).toBe("<= 1,000 B");
  });
});

describe("the verdict", () => {
  test("has every target of the three tables", () => {
    expect(judged([])).toHaveLength(33 + 7 + 8);
  });

  test("is good only when nothing is missed and everything was measured", () => {
    const judgements = judged(madeUpSamples("drain-1", { holdfast: [30], "pg-boss": [10] }));
    expect(isGood(judgements)).toBe(false);
    expect(isGood([find(judgements, boss)])).toBe(true);
  });

  test("prints a line for each target and counts them", () => {
    const judgements = judged(madeUpSamples("drain-1", { holdfast: [30], "pg-boss": [10] }));
    const lines = verdictText("run.json", judgements).split("\n");
    expect(lines.filter((line) => /^(PASS|MISS|NOT|REP|N\/A)/.test(line))).toHaveLength(48);
    expect(lines).toContainEqual(expect.stringMatching(/^PASS .*vs pg-boss +>= 3x +3\.000x$/));
    expect(lines).toContain("1 PASS, 46 NOT MEASURED, 1 N/A");
  });
});
