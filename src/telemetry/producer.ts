import { type Attributes, context, type Span } from "@opentelemetry/api";
import type { EnqueueReceipt } from "../core/enqueue-options.ts";
import type { NewJob } from "../core/new-job.ts";
import { storeError } from "../core/stored-error.ts";
import type { Telemetry } from "../core/telemetry.ts";
import { attributes, type SpanName } from "./names.ts";
import {
  errorType,
  failSpan,
  operationOf,
  placeOf,
  startSpan,
  type TelemetryParts,
  within,
} from "./spans.ts";
import { writeTrace } from "./trace-context.ts";

/** The producer's side: a span for each enqueue, whose context is stored with the jobs. */
export function createProducer(parts: TelemetryParts): Pick<Telemetry, "enqueue" | "tick"> {
  return {
    enqueue: (jobs, store) => {
      const span = startSpan(parts.tracer, "send", {
        of: onlyOne(jobs, "queue"),
        attributes: jobsAttributes(jobs),
        // Jobs of one call were all asked for at the same place.
        parent: placeOf(jobs[0]?.trace),
      });
      return produce({ ...parts, name: "send", span, jobs }, store, (receipts) => receipts);
    },
    tick: (schedule, jobs, fire) => {
      const span = startSpan(parts.tracer, "tick", {
        of: schedule,
        attributes: jobsAttributes(jobs),
      });
      return produce({ ...parts, name: "tick", span, jobs }, fire, (answer) => answer?.receipts);
    },
  };
}

interface Production extends TelemetryParts {
  readonly name: SpanName;
  readonly span: Span;
  readonly jobs: readonly NewJob[];
}

async function produce<Answer>(
  { name, span, jobs, instruments }: Production,
  store: (jobs: readonly NewJob[]) => Promise<Answer>,
  read: (answer: Answer) => readonly EnqueueReceipt[] | undefined,
): Promise<Answer> {
  const trace = writeTrace(span.spanContext());
  const traced = trace === undefined ? jobs : jobs.map((job) => ({ ...job, trace }));
  const labels = { ...operationOf(name), ...queueOf(jobs) };
  const began = performance.now();
  try {
    const answer = await within(span, context.active(), () => store(traced));
    const receipts = read(answer);
    // Another process has fired the tick: a span that is never ended is none.
    if (receipts === undefined) return answer;
    span.setAttributes(receiptAttributes(receipts));
    span.end();
    instruments.operation(performance.now() - began, labels);
    if (receipts.length > 0) instruments.sent(receipts.length, labels);
    return answer;
  } catch (thrown) {
    const error = storeError(thrown);
    failSpan(span, error);
    span.end();
    const failed = { ...labels, [attributes.errorType]: errorType(error) };
    instruments.operation(performance.now() - began, failed);
    throw thrown;
  }
}

function jobsAttributes(jobs: readonly NewJob[]): Attributes {
  const name = onlyOne(jobs, "name");
  return {
    ...queueOf(jobs),
    ...(name === undefined ? {} : { [attributes.jobName]: name }),
    ...(jobs.length === 1 ? {} : { [attributes.count]: jobs.length }),
  };
}

function queueOf(jobs: readonly NewJob[]): Attributes {
  const queue = onlyOne(jobs, "queue");
  return queue === undefined ? {} : { [attributes.queue]: queue };
}

/** What all of them say; `undefined` when they do not agree. */
function onlyOne(jobs: readonly NewJob[], member: "queue" | "name"): string | undefined {
  const value = jobs[0]?.[member];
  return jobs.every((job) => job[member] === value) ? value : undefined;
}

function receiptAttributes(receipts: readonly EnqueueReceipt[]): Attributes {
  const [first] = receipts;
  if (first === undefined || receipts.length > 1) return {};
  return { [attributes.job]: first.id, [attributes.receipt]: first.outcome };
}
