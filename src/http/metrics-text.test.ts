import { describe, expect, test } from "vitest";
import { parseMetrics } from "../../test/support/parse-metrics.ts";
import type { StatTotal } from "../core/stat-total.ts";
import { addTallyText, counters, emptyTally } from "../core/tally.ts";
import type { WorkerRecord } from "../core/worker-record.ts";
import { metricCatalogue, metricOf } from "./metric-names.ts";
import type { MetricsFacts } from "./metrics-facts.ts";
import { metricsText, mostQueues } from "./metrics-text.ts";

const now = 1_750_000_000_000;

function total(queue: string, name: string, text: string): StatTotal {
  const tally = emptyTally();
  addTallyText(tally, text);
  return { queue, name, tally };
}

const noQueue = {
  paused: false,
  closedUntil: null,
  concurrency: null,
  maxRunning: null,
  dueSince: null,
};

function worker(given: Partial<WorkerRecord>): WorkerRecord {
  return {
    id: "1",
    host: "h",
    pid: 1,
    version: null,
    bootId: "b",
    queues: [],
    slots: {},
    handlers: [],
    versions: {},
    state: "running",
    drainedBy: null,
    leaseMs: 30_000,
    startedAt: now,
    beat: "",
    lastBeatMs: 1_000,
    report: null,
    ...given,
  };
}

const report = { lagMs: 0, rssBytes: 0, heapBytes: 0, jobs: [], passes: {} };

const nothing: MetricsFacts = {
  now,
  totals: [],
  queues: [],
  counted: { counts: [], ageMs: 0 },
  workers: [],
  schedules: [],
};

function read(facts: Partial<MetricsFacts>, mostNames = 200): ReadonlyMap<string, number> {
  return parseMetrics(metricsText({ ...nothing, ...facts }, mostNames)).values;
}

/** The numbers of one metric, by its labels. */
function of(values: ReadonlyMap<string, number>, metric: string): Record<string, number> {
  const found = [...values].filter(
    ([series]) => series === metric || series.startsWith(`${metric}{`),
  );
  return Object.fromEntries(found.map(([series, value]) => [series.slice(metric.length), value]));
}

describe("the text of metrics", () => {
  test("has every metric of the catalogue with its type, help and labels, and every counter one of them", () => {
    const facts: MetricsFacts = {
      ...nothing,
      totals: [total("a", "b", "e1 w1:1 r1:1")],
      queues: [{ ...noQueue, name: "a", concurrency: 1, maxRunning: 2 }],
    };
    const { metrics, samples } = parseMetrics(metricsText(facts, 200));
    const told = [...metrics].map(([name, { type, help }]) => {
      const sample = samples.find((each) => each.name.replace(/_bucket$/, "") === name);
      const labels = Object.keys(sample?.labels ?? {}).filter((label) => label !== "le");
      return [name, { type, labels, help }];
    });
    expect(Object.fromEntries(told)).toEqual(metricCatalogue);
    expect([...metrics.keys()]).toEqual(Object.keys(metricCatalogue));
    expect(new Set(Object.values(metricOf)).size).toBe(counters.length);
  });

  test("counts by queue and name, whatever those are called", () => {
    const odd = 'it\'s "q" \\ {a="b"},\nnext\\n';
    const values = read({ totals: [total(odd, odd, "e3"), total("q", "n", "e1 f2 d1")] });
    const escaped = 'it\'s \\"q\\" \\\\ {a=\\"b\\"},\\nnext\\\\n';
    expect(of(values, "holdfast_jobs_enqueued_total")).toEqual({
      [`{queue="${escaped}",name="${escaped}"}`]: 3,
      '{queue="q",name="n"}': 1,
    });
    expect(of(values, "holdfast_attempts_failed_total")['{queue="q",name="n"}']).toBe(2);
    const text = metricsText({ ...nothing, totals: [total(odd, odd, "e3")] }, 200);
    expect(parseMetrics(text).samples[0]?.labels).toEqual({ queue: odd, name: odd });
  });

  test("a histogram holds what is up to each bound, a little more at most, and all in the last", () => {
    const totals = [total("q", "n", "W0 W10 W11 W33 W50 W1000 W86400000 W99000000")];
    const values = read({ totals });
    const below = of(values, "holdfast_job_waiting_seconds_bucket");
    const upTo = (bound: string) => below[`{queue="q",name="n",le="${bound}"}`];
    expect(["0.01", "0.05", "0.1", "1", "14400", "86400", "+Inf"].map(upTo)).toEqual([
      2, 5, 5, 6, 6, 7, 8,
    ]);
    const sum = of(values, "holdfast_job_waiting_seconds_sum")['{queue="q",name="n"}'] ?? 0;
    const exact = (10 + 11 + 33 + 50 + 1_000 + 86_400_000 + 99_000_000) / 1_000;
    expect(Math.abs(sum / exact - 1)).toBeLessThan(0.015);
  });

  test("too many names are left out, and what is told counts them all", () => {
    const totals = [total("a", "1", "e1 w3:1"), total("a", "2", "e2 w3:2"), total("b", "3", "e4")];
    expect(of(read({ totals }, 3), "holdfast_jobs_enqueued_total")).toEqual({
      '{queue="a",name="1"}': 1,
      '{queue="a",name="2"}': 2,
      '{queue="b",name="3"}': 4,
    });
    for (const most of [2, 0]) {
      const values = read({ totals }, most);
      expect(of(values, "holdfast_jobs_enqueued_total")).toEqual({
        '{queue="a"}': 3,
        '{queue="b"}': 4,
      });
      expect(of(values, "holdfast_job_waiting_seconds_count")).toMatchObject({ '{queue="a"}': 3 });
      expect(of(values, "holdfast_labels_left_out")['{label="name"}']).toBe(1);
    }
  });

  test("too many queues are told together: their jobs, the longest lag", () => {
    const many = Array.from({ length: mostQueues + 1 }, (_, index) => `q${index}`);
    const values = read(
      {
        totals: many.map((queue) => total(queue, "n", "e1")),
        queues: many.map((name, index) => ({ ...noQueue, name, dueSince: now - index * 1_000 })),
        counted: { counts: many.map((queue) => ({ queue, state: "running", jobs: 2 })), ageMs: 0 },
      },
      1e9,
    );
    expect(of(values, "holdfast_jobs_enqueued_total")).toEqual({ "": mostQueues + 1 });
    expect(of(values, "holdfast_jobs")['{state="running"}']).toBe(2 * (mostQueues + 1));
    expect(of(values, "holdfast_queue_lag_seconds")).toEqual({ "": mostQueues });
    expect(of(values, "holdfast_labels_left_out")).toEqual({
      '{label="name"}': 1,
      '{label="queue"}': 1,
    });
  });
});

describe("the gauges", () => {
  test("tell every state of every queue, and how old the count is; nothing before the first count", () => {
    const queues = [{ ...noQueue, name: "a" }];
    const counts = [{ queue: "b", state: "available", jobs: 3 }] as const;
    const values = read({ queues, counted: { counts, ageMs: 1_500 } });
    expect(of(values, "holdfast_jobs")).toMatchObject({
      '{queue="a",state="running"}': 0,
      '{queue="b",state="available"}': 3,
      '{queue="b",state="retryable"}': 0,
    });
    expect(Object.keys(of(values, "holdfast_jobs"))).toHaveLength(10);
    expect(values.get("holdfast_jobs_count_age_seconds")).toBe(1.5);
    const uncounted = read({ queues, counted: undefined });
    expect([...uncounted.keys()].filter((series) => series.startsWith("holdfast_jobs"))).toEqual(
      [],
    );
  });

  test("tell what is set for queues, who serves them and how late they are", () => {
    const values = read({
      queues: [
        { ...noQueue, name: "a", paused: true, maxRunning: 7, dueSince: now - 2_500 },
        { ...noQueue, name: "b", closedUntil: now + 1, concurrency: 3, dueSince: now + 9 },
        { ...noQueue, name: "c", closedUntil: now },
      ],
      workers: [
        worker({ queues: ["a", "b"], slots: { a: 4, b: 5 } }),
        worker({ queues: ["a"], slots: { a: 10 }, state: "draining" }),
        worker({ queues: ["a"], slots: {}, lastBeatMs: null }),
        worker({ queues: ["b"], slots: { b: 100 }, lastBeatMs: 30_001 }),
      ],
    });
    const told = (metric: string) => of(values, `holdfast_queue_${metric}`);
    expect(told("lag_seconds")).toEqual({ '{queue="a"}': 2.5, '{queue="b"}': 0, '{queue="c"}': 0 });
    expect(told("paused")).toEqual({ '{queue="a"}': 1, '{queue="b"}': 0, '{queue="c"}': 0 });
    expect(told("closed")).toEqual({ '{queue="a"}': 0, '{queue="b"}': 1, '{queue="c"}': 0 });
    expect(told("concurrency")).toEqual({ '{queue="b"}': 3 });
    expect(told("max_running")).toEqual({ '{queue="a"}': 7 });
    expect(told("workers")).toEqual({ '{queue="a"}': 2, '{queue="b"}': 1, '{queue="c"}': 0 });
    expect(told("slots")).toEqual({ '{queue="a"}': 4, '{queue="b"}': 5, '{queue="c"}': 0 });
  });

  test("tell of workers and schedules", () => {
    const failure = { code: "X", message: "", at: now, tries: 1 };
    const values = read({
      workers: [
        worker({ report: { ...report, running: 2, places: 50 } }),
        worker({ state: "draining", report: { ...report, running: 1, places: 10 } }),
        worker({ lastBeatMs: 40_000 }),
      ],
      schedules: [
        { nextAt: now - 60_001, pausedAt: null, failure: null },
        { nextAt: now - 60_000, pausedAt: null, failure: null },
        { nextAt: now - 90_000, pausedAt: null, failure },
        { nextAt: null, pausedAt: now, failure: null },
      ],
    });
    expect(of(values, "holdfast_workers")).toEqual({
      '{state="running"}': 1,
      '{state="draining"}': 1,
      '{state="silent"}': 1,
    });
    const single = (metric: string) => values.get(`holdfast_${metric}`);
    expect([single("worker_places"), single("worker_places_busy")]).toEqual([60, 3]);
    expect(["schedules", "schedules_overdue", "schedules_failing"].map(single)).toEqual([3, 1, 1]);
  });
});
