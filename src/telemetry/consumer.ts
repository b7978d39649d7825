import { type Context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import type { ClaimedJob } from "../core/claimed-job.ts";
import type { Telemetry } from "../core/telemetry.ts";
import { createHandlerSpan, jobAttributes, labelsOf, writeReport } from "./handler-span.ts";
import { attributes } from "./names.ts";
import { linkTo, type SpanStart, startSpan, type TelemetryParts } from "./spans.ts";
import { readTrace } from "./trace-context.ts";

/** How an attempt goes with the trace in which its job was enqueued: linked to it, or a part of it. */
export type AttemptTraces = "linked" | "child";

/** The consumer's side: a span for each call of a handler, and for each job brought back from a dead worker. */
export function createConsumer(
  { tracer, instruments }: TelemetryParts,
  traces: AttemptTraces,
): Pick<Telemetry, "attempt" | "batch" | "rescued"> {
  function placeOf(job: ClaimedJob): Required<Pick<SpanStart, "parent" | "links">> {
    if (traces === "linked") return { parent: ROOT_CONTEXT, links: linkTo(job.trace) };
    return { parent: contextOf(job), links: [] };
  }

  function meet(jobs: readonly ClaimedJob[]): void {
    const labels = labelsOf(jobs);
    instruments.consumed(jobs.length, labels);
    for (const { claimedAt, runAt } of jobs) {
      instruments.wait(Math.max(0, claimedAt - runAt), labels);
    }
  }

  return {
    attempt(job) {
      meet([job]);
      const place = placeOf(job);
      const start = { of: job.queue, attributes: jobAttributes(job), ...place };
      const span = startSpan(tracer, "process", start);
      return createHandlerSpan({ ...place, span, jobs: [job], batch: false, instruments });
    },
    batch(jobs) {
      meet(jobs);
      const [first] = jobs;
      const span = startSpan(tracer, "process", {
        of: first?.queue,
        attributes: { ...labelsOf(jobs), ...batchAttributes(jobs) },
        links: jobs.flatMap((job) => linkTo(job.trace)),
      });
      return createHandlerSpan({ span, parent: ROOT_CONTEXT, jobs, batch: true, instruments });
    },
    rescued(job, report) {
      const start = { of: job.queue, attributes: jobAttributes(job), ...placeOf(job) };
      const span = startSpan(tracer, "rescue", start);
      writeReport(span, report);
      span.end();
    },
  };
}

function contextOf(job: ClaimedJob): Context {
  const remote = readTrace(job.trace);
  return remote === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, remote);
}

function batchAttributes(jobs: readonly ClaimedJob[]) {
  const worker = jobs[0]?.lease.owner;
  return {
    [attributes.count]: jobs.length,
    ...(worker === undefined ? {} : { [attributes.worker]: worker }),
  };
}
