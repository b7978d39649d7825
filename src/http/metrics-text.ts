import { totalsOf } from "../core/stat-total.ts";
import type { StatTotal } from "../core/stat-total.ts";
import { counters } from "../core/tally.ts";
import type { WorkerRecord } from "../core/worker-record.ts";
import { metricOf } from "./metric-names.ts";
import type { MetricsFacts } from "./metrics-facts.ts";
import { familyText, histogramsText, type Labels, type Sample } from "./prometheus-text.ts";

/** More queues than this, and they are told together. */
export const mostQueues = 1_000;

/** A tick is fired within a second or two of its time. */
const overdueMs = 60_000;

/**
 * The metrics as Prometheus reads them. With more than `mostNames` pairs of queue and name the names are left out, with more than
 * `mostQueues` queues those as well: each counter that is told then counts them all.
 */
export function metricsText(facts: MetricsFacts, mostNames: number): string {
  const queues = new Set([
    ...facts.totals.map(({ queue }) => queue),
    ...facts.queues.map(({ name }) => name),
  ]);
  const withNames = facts.totals.length <= mostNames;
  const withQueues = queues.size <= mostQueues;
  const labelled = { withQueues, withNames: withNames && withQueues };
  return [
    ...countersText(facts.totals, labelled),
    ...jobsText(facts, withQueues),
    ...queuesText(facts, withQueues),
    ...fleetText(facts),
    familyText("holdfast_labels_left_out", [
      { labels: { label: "name" }, value: Number(!labelled.withNames) },
      { labels: { label: "queue" }, value: Number(!withQueues) },
    ]),
  ].join("");
}

function countersText(
  all: readonly StatTotal[],
  { withQueues, withNames }: { readonly withQueues: boolean; readonly withNames: boolean },
): readonly string[] {
  const told = all.map(({ queue, name, tally }) => ({
    queue: withQueues ? queue : "",
    name: withNames ? name : "",
    tally,
  }));
  const totals = totalsOf(told).map(({ queue, name, tally }) => {
    const labels: Labels = {
      ...(withQueues ? { queue } : {}),
      ...(withNames ? { name } : {}),
    };
    return { labels, tally };
  });
  return [
    ...counters.map((counter) =>
      familyText(
        metricOf[counter],
        totals.map(({ labels, tally }) => ({ labels, value: tally.counts[counter] })),
      ),
    ),
    histogramsText(
      "holdfast_job_waiting_seconds",
      totals.map(({ labels, tally }) => ({ labels, histogram: tally.waiting })),
    ),
    histogramsText(
      "holdfast_job_running_seconds",
      totals.map(({ labels, tally }) => ({ labels, histogram: tally.running })),
    ),
  ];
}

const states = ["scheduled", "available", "blocked", "running", "retryable"] as const;

/** Every state of every queue, none of which goes away when it is empty. */
function jobsText({ counted, queues }: MetricsFacts, withQueues: boolean): readonly string[] {
  if (counted === undefined) return [];
  const sums = new Map<string, number>();
  const keyOf = (queue: string, state: string) => `${state} ${withQueues ? queue : ""}`;
  for (const { queue, state, jobs } of counted.counts) {
    const key = keyOf(queue, state);
    sums.set(key, (sums.get(key) ?? 0) + jobs);
  }
  const all = [
    ...new Set([...queues.map(({ name }) => name), ...counted.counts.map(({ queue }) => queue)]),
  ];
  const told = withQueues ? all.sort() : [""];
  const samples = told.flatMap((queue) =>
    states.map((state) => ({
      labels: { ...(withQueues ? { queue } : {}), state },
      value: sums.get(keyOf(queue, state)) ?? 0,
    })),
  );
  return [
    familyText("holdfast_jobs", samples),
    familyText("holdfast_jobs_count_age_seconds", [single(seconds(counted.ageMs))]),
  ];
}

function queuesText(
  { queues, workers, now }: MetricsFacts,
  withQueues: boolean,
): readonly string[] {
  const lags = queues.map(({ name, dueSince }) => ({
    labels: { queue: name },
    value: dueSince === null ? 0 : seconds(now - dueSince),
  }));
  if (!withQueues) {
    const longest = lags.reduce((most, { value }) => Math.max(most, value), 0);
    return [familyText("holdfast_queue_lag_seconds", [single(longest)])];
  }
  const of = (value: (queue: (typeof queues)[number]) => number | null): readonly Sample[] =>
    queues.flatMap((queue) => {
      const known = value(queue);
      return known === null ? [] : [{ labels: { queue: queue.name }, value: known }];
    });
  const serving = (name: string) =>
    workers.filter((worker) => stateOf(worker) === "running" && worker.queues.includes(name));
  return [
    familyText("holdfast_queue_lag_seconds", lags),
    familyText(
      "holdfast_queue_paused",
      of(({ paused }) => Number(paused)),
    ),
    familyText(
      "holdfast_queue_closed",
      of(({ closedUntil }) => Number((closedUntil ?? 0) > now)),
    ),
    familyText(
      "holdfast_queue_concurrency",
      of(({ concurrency }) => concurrency),
    ),
    familyText(
      "holdfast_queue_max_running",
      of(({ maxRunning }) => maxRunning),
    ),
    familyText(
      "holdfast_queue_workers",
      of(({ name }) => serving(name).length),
    ),
    familyText(
      "holdfast_queue_slots",
      of(({ name }) => sum(serving(name).map(({ slots }) => slots[name] ?? 0))),
    ),
  ];
}

function fleetText({ workers, schedules, now }: MetricsFacts): readonly string[] {
  const reports = workers.flatMap(({ report }) => report ?? []);
  const active = schedules.filter(({ pausedAt }) => pausedAt === null);
  const overdue = active.filter(
    ({ nextAt, failure }) => failure === null && nextAt !== null && now - nextAt > overdueMs,
  );
  return [
    familyText(
      "holdfast_workers",
      (["running", "draining", "silent"] as const).map((state) => ({
        labels: { state },
        value: workers.filter((worker) => stateOf(worker) === state).length,
      })),
    ),
    familyText("holdfast_worker_places", [single(sum(reports.map(({ places }) => places)))]),
    familyText("holdfast_worker_places_busy", [single(sum(reports.map(({ running }) => running)))]),
    familyText("holdfast_schedules", [single(active.length)]),
    familyText("holdfast_schedules_overdue", [single(overdue.length)]),
    familyText("holdfast_schedules_failing", [
      single(active.filter(({ failure }) => failure !== null).length),
    ]),
  ];
}

/** A worker that has been silent for a lease is taken for dead by whoever looks. */
function stateOf({ state, lastBeatMs, leaseMs }: WorkerRecord): "running" | "draining" | "silent" {
  return (lastBeatMs ?? 0) > leaseMs ? "silent" : state;
}

function single(value: number): Sample {
  return { labels: {}, value };
}

function seconds(ms: number): number {
  return Math.round(Math.max(0, ms)) / 1_000;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
