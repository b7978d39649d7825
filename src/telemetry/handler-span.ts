import { type Attributes, type Context, type Span, SpanStatusCode } from "@opentelemetry/api";
import type { AttemptReport } from "../core/attempt-report.ts";
import type { ClaimedJob } from "../core/claimed-job.ts";
import type { HandlerSpan } from "../core/telemetry.ts";
import type { Instruments } from "./instruments.ts";
import { attributes, batchEvent } from "./names.ts";
import { errorType, failSpan, operationOf, within } from "./spans.ts";
import { writeTrace } from "./trace-context.ts";

/** What the span of a handler is made with. */
export interface HandlerSpanParts {
  readonly span: Span;
  readonly parent: Context;
  readonly jobs: readonly ClaimedJob[];
  readonly batch: boolean;
  readonly instruments: Pick<Instruments, "process">;
}

/** The span of one call of a handler. It lasts as long as the handler; what became of the jobs is written into it later. */
export function createHandlerSpan(parts: HandlerSpanParts): HandlerSpan {
  const { span, parent, jobs, batch, instruments } = parts;
  const began = performance.now();
  const reports: Settled[] = [];
  let over: number | undefined;
  const isOver = (): void => {
    over ??= performance.now();
  };
  return {
    trace: writeTrace(span.spanContext()),
    run(handler) {
      const value = within(span, parent, handler);
      if (value instanceof Promise) void value.then(isOver, isOver);
      else isOver();
      return value;
    },
    settled: (job, report) => void reports.push({ job, report }),
    end() {
      isOver();
      const [only] = reports;
      if (batch) writeBatch(span, reports);
      else if (only !== undefined) writeReport(span, only.report);
      span.end(over);
      const failed = reports.find(({ report }) => report.error !== null)?.report;
      instruments.process((over ?? began) - began, {
        ...labelsOf(jobs),
        ...(batch || only === undefined ? {} : { [attributes.outcome]: only.report.how }),
        ...errorLabel(failed),
      });
    },
  };
}

interface Settled {
  readonly job: ClaimedJob;
  readonly report: AttemptReport;
}

/** What became of an attempt. */
export function writeReport(span: Span, report: AttemptReport): void {
  span.setAttributes(reportAttributes(report));
  if (report.error !== null) failSpan(span, report.error);
}

function reportAttributes({
  how,
  state,
  error,
  level,
  willRetry,
  delayMs,
  reset,
}: AttemptReport): Attributes {
  return {
    [attributes.outcome]: how,
    [attributes.willRetry]: willRetry,
    [attributes.reset]: reset,
    ...(state === null ? {} : { [attributes.state]: state }),
    ...(delayMs === null ? {} : { [attributes.delay]: delayMs / 1_000 }),
    ...(level === null ? {} : { [attributes.errorLevel]: level.toUpperCase() }),
    ...(error === null
      ? {}
      : { [attributes.errorType]: errorType(error), [attributes.errorMessage]: error.message }),
  };
}

/** Many jobs have one span, and those that did not complete an event each. */
function writeBatch(span: Span, settled: readonly Settled[]): void {
  for (const { job, report } of settled) {
    if (report.how === "completed") continue;
    span.addEvent(batchEvent, { ...jobAttributes(job), ...reportAttributes(report) });
  }
  const failures = settled.flatMap(({ report: { error } }) => (error === null ? [] : [error]));
  const [first] = failures;
  if (first === undefined) return;
  span.setAttribute(attributes.errorType, errorType(first));
  const message = `${failures.length} of ${settled.length} jobs failed: ${first.message}`;
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

/** What names an attempt. */
export function jobAttributes({ lease, name, queue, attempt }: ClaimedJob): Attributes {
  return {
    [attributes.queue]: queue,
    [attributes.job]: lease.id,
    [attributes.jobName]: name,
    [attributes.attempt]: attempt,
    [attributes.run]: lease.run,
    [attributes.worker]: lease.owner,
  };
}

/** What metrics say of the jobs of one call: there are not many queues and names. */
export function labelsOf([first]: readonly ClaimedJob[]): Attributes {
  return {
    ...operationOf("process"),
    ...(first === undefined
      ? {}
      : { [attributes.queue]: first.queue, [attributes.jobName]: first.name }),
  };
}

function errorLabel(report: AttemptReport | undefined): Attributes {
  const error = report?.error ?? null;
  return error === null ? {} : { [attributes.errorType]: errorType(error) };
}
