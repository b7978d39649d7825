const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Every default in one place; `docs/defaults.md` prints them and a test compares. Times are milliseconds. */
export const defaults = {
  queue: "default",
  priority: 5,
  timeoutMs: hour,
  warnAttempts: 3,
  maxCrashes: 3,

  leaseMs: 30 * second,
  heartbeatMs: 5 * second,
  drainMs: 30 * second,
  graceMs: 5 * second,
  wedgedAfterMs: 5 * minute,
  queueConcurrency: 10,
  processConcurrency: 50,
  pollMs: second,
  batchSize: 25,
  batchConcurrent: 2,

  throttleMinMs: minute,
  throttleMaxMs: 30 * minute,
  throttleForgottenMs: 2 * minute,
  undeclaredRetryMs: minute,

  tickGraceMs: minute,
  missedTicks: 100,
  scheduleGroup: "default",

  payloadBytes: 1_048_576,
  resultBytes: 1_048_576,
  attemptsKept: 32,
  logLinesKept: 200,
  completedKeptMs: 7 * day,
  deadKeptMs: 30 * day,
  idempotencyKeptMs: day,
  operationKeptMs: 30 * day,
  auditKeptMs: 90 * day,
  statMinutesKeptMs: 2 * day,
  statsKeptMs: 30 * day,
  maxHoldMs: 5 * second,

  snapshotAgeMs: 5 * minute,
  clockSkewMs: 2 * second,
  deadRows: 500_000,
  walBytes: 67_108_864,
  laneJobs: 1_000,

  childGraceMs: 3 * second,
  childStartMs: 30 * second,
  childPoolSize: 4,
  childLineBytes: 4_194_304,
  childRestartMinMs: 100,
  childRestartMaxMs: 30 * second,
  commandOutputBytes: 262_144,
  stderrBytes: 4_096,
  discardCode: 110,
  throttleCode: 111,
} as const;

/** The `RetryPolicy` of a job whose definition says nothing. */
export const defaultRetryPolicy = {
  attempts: 20,
  minMs: second,
  maxMs: hour,
  factor: 2,
  jitter: 0.2,
  warnAttempts: defaults.warnAttempts,
  resetAfter: 3,
  maxCrashes: null,
  timeoutMs: defaults.timeoutMs,
} as const;
