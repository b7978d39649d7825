/** The charts of the overview and of a queue. */
export const charts = {
  throughput: "Throughput",
  waiting: "Waiting time",
  running: "Running time",
  range: "Range of time",
  ranges: { "5m": "5m", "30m": "30m", "1h": "1h", "6h": "6h", "24h": "24h", "7d": "7d" },
  from: (from: string, to: string) => `${from} to ${to}`,
  counted: { completed: "Completed", failed: "Failed", retried: "Retried", enqueued: "Enqueued" },
  deploy: (version: string) => `Holdfast ${version}`,
};
