import { type Attributes, context } from "@opentelemetry/api";
import { type StoredError, storeError } from "../core/stored-error.ts";
import type { CallSubject, Telemetry, WorkDone, WorkName } from "../core/telemetry.ts";
import { attributes } from "./names.ts";
import {
  errorType,
  failSpan,
  linkTo,
  operationOf,
  startSpan,
  type TelemetryParts,
  within,
} from "./spans.ts";

/** Spans for what is neither enqueueing nor running a job. */
export function createOperations(parts: TelemetryParts): Pick<Telemetry, "work" | "call"> {
  return {
    async work(name, run, read) {
      const began = performance.now();
      try {
        const value = await run();
        const done = read(value);
        if (done.jobs > 0) record(parts, { name, began, done });
        return value;
      } catch (thrown) {
        record(parts, { name, began, done: { jobs: 0 }, error: storeError(thrown) });
        throw thrown;
      }
    },
    async call(name, subject, run) {
      const parent = context.active();
      const start = { attributes: subjectAttributes(subject), parent };
      const span = startSpan(parts.tracer, name, start);
      try {
        return await within(span, parent, run);
      } catch (thrown) {
        failSpan(span, storeError(thrown));
        throw thrown;
      } finally {
        span.end();
      }
    },
  };
}

interface Work {
  readonly name: WorkName;
  readonly began: number;
  readonly done: WorkDone;
  readonly error?: StoredError;
}

/** Made afterwards: looks that find nothing are many, and worth nothing. */
function record({ tracer, instruments }: TelemetryParts, { name, began, done, error }: Work): void {
  const span = startSpan(tracer, name, {
    of: done.queue,
    attributes: workAttributes(done),
    links: done.traces?.flatMap(linkTo) ?? [],
    began,
  });
  if (error !== undefined) failSpan(span, error);
  span.end();
  instruments.operation(performance.now() - began, {
    ...operationOf(name),
    ...(done.queue === undefined ? {} : { [attributes.queue]: done.queue }),
    ...(error === undefined ? {} : { [attributes.errorType]: errorType(error) }),
  });
}

function workAttributes({ jobs, queue, worker }: WorkDone): Attributes {
  return {
    [attributes.count]: jobs,
    ...(queue === undefined ? {} : { [attributes.queue]: queue }),
    ...(worker === undefined ? {} : { [attributes.worker]: worker }),
  };
}

function subjectAttributes({ jobs = [], worker }: CallSubject): Attributes {
  if (worker !== undefined) return { [attributes.worker]: worker };
  const [first] = jobs;
  return jobs.length === 1 && first !== undefined
    ? { [attributes.job]: first }
    : { [attributes.count]: jobs.length };
}
