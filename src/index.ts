/** Durable background jobs in the database you already have. */
export { createClient } from "./client/create-client.ts";
export type { ClientOptions, ClientSettings } from "./client/client-options.ts";
export type { ClientScope } from "./core/client-scope.ts";
export type { PostgresPool } from "./client/open-storage.ts";
export type { Storage } from "./storage/contract/storage.ts";
export type {
  Client,
  FinishedJob,
  JobHandle,
  JobHandles,
  WaitOptions,
} from "./core/client.ts";
export type { CancelOptions, JobListOptions, JobPage, JobsClient } from "./core/jobs-client.ts";

export { createWorker, type Worker } from "./runtime/worker.ts";
export type { WorkerState } from "./runtime/term.ts";
export type { WorkerEnd } from "./runtime/worker-end.ts";
export type { WorkerOptions, WorkerQueueOptions } from "./runtime/worker-options.ts";

export { defineConfig, type HoldfastConfig } from "./cli/config.ts";

export type { BatchOptions, BatchPlan } from "./core/batch-options.ts";
export type {
  BatchHandler,
  BatchHandlerFunction,
  BatchItem,
  BatchOutcome,
  BatchReturn,
  BisectOptions,
  JobBatch,
} from "./core/batch.ts";
export type { BisectBudget } from "./core/bisect.ts";
export {
  defineJob,
  type HandlerFunction,
  type HandlerReturn,
  type JobDefinition,
  type JobHandler,
  type JobSettings,
  type PayloadVersion,
} from "./core/define-job.ts";
export { defineKeyedJob, type KeyedJobSettings } from "./core/define-keyed-job.ts";
export {
  defineResidentJob,
  type ResidentContext,
  type ResidentHandlerFunction,
  type ResidentJobDefinition,
  type ResidentJobSettings,
} from "./core/define-resident-job.ts";
export type { AnyJobDefinition, EnqueueableJob, JobKind, JobRequest } from "./core/job-request.ts";
export type {
  BackoffCurve,
  BackoffFunction,
  BackoffPolicy,
  EndlessRetryOptions,
  RetryOptions,
  RetryPolicy,
} from "./core/retry-policy.ts";
export type { IdempotencyKey, IdempotencyKeyOptions } from "./core/idempotency.ts";
export type { UniqueKey, UniqueOptions, UniqueWhile } from "./core/unique.ts";
export type { LaneFunction, LimitOptions, LimitSettings } from "./core/limit-options.ts";
export type {
  AcquireOptions,
  DrainRateOptions,
  Limit,
  LimitChange,
  LimitsClient,
  RateGrant,
  RateLimits,
} from "./core/limits-client.ts";
export type {
  ApplyAnswer,
  ApplyOptions,
  PreviewOptions,
  ScheduleOptions,
  SchedulesClient,
} from "./core/schedules-client.ts";
export type { Schedule, ScheduleFailure, ScheduleJob, TickOutcome } from "./core/schedule.ts";
export type { MissedTicks, Overlap } from "./core/schedule-plan.ts";
export type { ScheduleTiming } from "./core/schedule-rule.ts";
export type { ScheduleUpdate } from "./core/schedule-update.ts";
export type { Tick } from "./core/schedule-tags.ts";
export type { RateText } from "./core/rate.ts";
export type {
  Stats,
  StatsClient,
  StatsEntry,
  StatsPoint,
  StatsRange,
  StatsSeries,
  StatsSummary,
} from "./core/stats-client.ts";
export type { Counter, Counts } from "./core/tally.ts";
export type { Percentiles } from "./core/histogram.ts";
export type { Router } from "./core/router.ts";
export type { EnqueueOptions, EnqueueReceipt } from "./core/enqueue-options.ts";
export type { Transaction, TransactionOpener, UsingOptions } from "./core/transaction.ts";
export {
  asTransaction,
  type TransactionQuery,
} from "./integrations/transactions/as-transaction.ts";

export type {
  AbortReason,
  Checkpoint,
  CurrentJob,
  Ending,
  JobContext,
  JobTransactionOptions,
  Reschedule,
  WorkerIdentity,
} from "./core/job-context.ts";
export { CancelError, DiscardError, ThrottleError } from "./core/endings.ts";

export type { AuditClient, AuditEntry, AuditFilter, AuditPage } from "./core/audit-client.ts";
export type { BulkAction, BulkRequest, Operation, OperationState } from "./core/operation.ts";
export type {
  OperationPage,
  OperationCount,
  OperationPreview,
  OperationsClient,
} from "./core/operations-client.ts";
export type { JobFilter, Moment } from "./core/job-filter.ts";
export type { FilterValue, JobValuesOptions } from "./core/job-values.ts";
export type { CappedCount, JobTexts, SearchOptions } from "./core/job-search.ts";
export type { CancelRequest, FinishedState, Job, JobId, JobState } from "./core/job.ts";
export type { LogLevel, LogLine } from "./core/log-line.ts";
export type { JobChange } from "./core/job-change.ts";
export type { ExplainedReason, JobExplanation } from "./core/explain.ts";
export type { JobReason } from "./core/job-reason.ts";
export type { Gate } from "./core/gate.ts";
export type { Attempt, AttemptEnd } from "./core/attempt.ts";
export type { EndReason } from "./core/end-reason.ts";
export type { StoredError } from "./core/stored-error.ts";
export type { Queue, QueueRecord, QueueRetention, QueueSettings } from "./core/queue.ts";
export type {
  OperatorOptions,
  QueueChange,
  QueueCountOptions,
  QueuesClient,
} from "./core/queues-client.ts";
export type { PassReport, WorkerRecord, WorkerReport } from "./core/worker-record.ts";
export type { MaintenanceClient, MaintenancePass, WorkersClient } from "./core/workers-client.ts";

export type { DoctorOptions } from "./core/doctor-options.ts";
export type { CheckName, Diagnosis, Finding, FindingLevel, FindingOf } from "./core/finding.ts";
export type { FindingCode, FindingFacts } from "./core/finding-facts.ts";

export {
  type ErrorCode,
  type ErrorFamily,
  HoldfastError,
  type HoldfastErrorOptions,
  isHoldfastError,
} from "./core/errors.ts";
export type { Issue } from "./core/issue.ts";
export type { Clock } from "./core/clock.ts";
export type { Duration } from "./core/duration.ts";
export type { Logger } from "./core/logger.ts";
export type { AttemptEndEvent, AttemptStartEvent } from "./core/attempt-event.ts";
export type { AttemptReport } from "./core/attempt-report.ts";
export type { HandlerSpan, Telemetry } from "./core/telemetry.ts";
