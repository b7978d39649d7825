/** What a scenario is called in tables, in the order they show them. */
const titles: Readonly<Record<string, string>> = {
  "enqueue-1": "enqueue, 1 caller",
  "enqueue-32": "enqueue, 32 callers in one process",
  "enqueue-8-processes": "enqueue, 8 processes with one caller each",
  "bulk-100k": "bulk enqueue of 100k",
  "drain-1": "drain of 100k, 1 process",
  "drain-3": "drain of 100k, 3 processes",
  "drain-backlog": "drain beside 1M finished, 1M delayed, 100k failed",
  "drain-in-flight": "drain with 10k jobs in flight / with none",
  "claim-cost": "drain beside a lane and a limit 100k deep and 1M delayed / with none",
  "operator-list": "jobs.list beside 1M finished, p95",
  "operator-count": "jobs.count beside 1M finished, p95",
  "operator-stats": "stats of an hour, a queue's day and a name's month, p95",
  "operator-dry-run": "a bulk dry run beside 1M finished, p95",
  "retention-p50": "start latency while a day of 1M finished is removed / with nothing to, p50",
  "retention-p99": "start latency while a day of 1M finished is removed / with nothing to, p99",
  "latency-idle-p50": "start latency at 50/s, p50",
  "latency-idle-p99": "start latency at 50/s, p99",
  "latency-half-p50": "start latency at half the peak, p50",
  "latency-half-p99": "start latency at half the peak, p99",
  "cpu-per-100k": "client and server CPU per 100k jobs",
  "idle-statements-1": "idle statements, 1 worker",
  "idle-statements-10": "idle statements, 10 workers",
  "wal-per-job": "WAL per job, no full-page images",
  "worker-memory": "memory of a worker after 1M jobs",
};

const measures: Readonly<Record<string, string>> = {
  throughput: "throughput",
  p99: "end to end, p99",
  "claim-buffers": "buffers per claim",
  "dead-rows": "dead rows at the end",
  "live-mb": "size of the hot table",
};

/** The measures of `steady` and `pinned`, in the order tables show them. */
export const steadyMeasures: readonly (readonly [id: string, title: string])[] =
  Object.entries(measures);

/** A scenario's title; one we have no words for keeps its id. */
export function titleOf(scenario: string): string {
  const [, phase, measure] = /^(steady|pinned)-(.+)$/.exec(scenario) ?? [];
  if (phase !== undefined && measure !== undefined) {
    const clean = phase === "steady" ? "steady 1,500/s" : "steady 1,500/s, snapshot pinned";
    return `${clean}: ${measures[measure] ?? measure}`;
  }
  return titles[scenario] ?? scenario;
}

/** The scenarios of `ids`, each once, in the order of the titles; unknown ones come last. */
export function inOrder(ids: readonly string[]): readonly string[] {
  const phases = ["steady", "pinned"].flatMap((phase) =>
    Object.keys(measures).map((measure) => `${phase}-${measure}`),
  );
  const known = [...Object.keys(titles), ...phases];
  const unique = new Set(ids);
  return [
    ...known.filter((id) => unique.has(id)),
    ...[...unique].filter((id) => !known.includes(id)),
  ];
}
