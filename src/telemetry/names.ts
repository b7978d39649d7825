/**
 * Every name that `holdfast/otel` gives to spans, attributes and metrics, as docs/telemetry.md explains them. Those that begin with
 * `messaging` or `error` are of the OpenTelemetry conventions 1.45.0; they are written here because the package that has them may
 * change them in a minor release.
 */

/** What a span is called, `{...}` put in, and of what kind it is. */
export const spans = {
  send: { name: "send {queue}", kind: "PRODUCER" },
  tick: { name: "tick {schedule}", kind: "PRODUCER" },
  process: { name: "process {queue}", kind: "CONSUMER" },
  rescue: { name: "rescue {queue}", kind: "INTERNAL" },
  claim: { name: "claim {queue}", kind: "CLIENT" },
  settle: { name: "settle {queue}", kind: "CLIENT" },
  promote: { name: "holdfast.promote", kind: "INTERNAL" },
  get: { name: "holdfast.get", kind: "CLIENT" },
  wait: { name: "holdfast.wait", kind: "INTERNAL" },
  stop: { name: "holdfast.stop", kind: "INTERNAL" },
} as const;

/** One of them. */
export type SpanName = keyof typeof spans;

/** What messaging systems call such an operation, where they do. */
export const operationTypes: Readonly<Partial<Record<SpanName, string>>> = {
  send: "send",
  tick: "send",
  claim: "receive",
  process: "process",
  settle: "settle",
  rescue: "settle",
};

/** The attributes of spans, events and metrics. */
export const attributes = {
  system: "messaging.system",
  systemName: "messaging.system.name",
  operation: "messaging.operation.name",
  operationType: "messaging.operation.type",
  queue: "messaging.destination.name",
  job: "messaging.message.id",
  count: "messaging.batch.message_count",
  worker: "messaging.client.id",
  jobName: "holdfast.job.name",
  attempt: "holdfast.job.attempt",
  run: "holdfast.job.run",
  state: "holdfast.job.state",
  outcome: "holdfast.attempt.outcome",
  reset: "holdfast.attempt.reset",
  delay: "holdfast.attempt.delay",
  receipt: "holdfast.enqueue.outcome",
  willRetry: "will_retry",
  errorType: "error.type",
  errorMessage: "error.message",
  errorLevel: "error.level",
} as const;

/** The event of a batch's span for a job that did not complete. */
export const batchEvent = "holdfast.attempt";

/** The metrics: of which kind, in which unit, and what they tell. */
export const metrics = {
  operation: {
    name: "messaging.client.operation.duration",
    kind: "histogram",
    unit: "s",
    description: "How long it took to send, claim or settle jobs.",
  },
  sent: {
    name: "messaging.client.sent.messages",
    kind: "counter",
    unit: "{message}",
    description: "Jobs enqueued.",
  },
  consumed: {
    name: "messaging.client.consumed.messages",
    kind: "counter",
    unit: "{message}",
    description: "Jobs handed to a handler.",
  },
  process: {
    name: "messaging.process.duration",
    kind: "histogram",
    unit: "s",
    description: "How long a handler took.",
  },
  wait: {
    name: "holdfast.job.wait.duration",
    kind: "histogram",
    unit: "s",
    description: "How long a job was due before a worker took it.",
  },
} as const;

/** The upper bounds of the buckets of calls, in seconds; those that SDKs have by default are for milliseconds. */
export const callBuckets: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

/** Of what may take as long as a job, or wait as long for one. */
export const jobBuckets: readonly number[] = [...callBuckets, 30, 60, 300, 900, 3_600];
