import {
  type Attributes,
  context,
  type Context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { StoredError } from "../core/stored-error.ts";
import type { Instruments } from "./instruments.ts";
import { attributes, operationTypes, type SpanName, spans } from "./names.ts";
import { readTrace } from "./trace-context.ts";

/** What everything that is told goes through. */
export interface TelemetryParts {
  readonly tracer: Tracer;
  readonly instruments: Instruments;
}

/** What a span begins with. */
export interface SpanStart {
  /** Put into its name: a queue or a schedule. */
  readonly of?: string | undefined;
  readonly attributes?: Attributes;
  readonly links?: readonly Link[];
  /** Default now; as `performance.now()` has it. */
  readonly began?: number;
  /** What it belongs to; default nothing, for what a process does of its own accord. */
  readonly parent?: Context;
}

const mostLinks = 128;

/** Starts a span of one of our names. */
export function startSpan(tracer: Tracer, name: SpanName, start: SpanStart): Span {
  const { of = "", links = [], began, parent = ROOT_CONTEXT } = start;
  return tracer.startSpan(
    spans[name].name.replace(/ ?\{\w+\}/, of === "" ? "" : ` ${of}`),
    {
      kind: SpanKind[spans[name].kind],
      attributes: { ...operationOf(name), ...start.attributes },
      links: links.slice(0, mostLinks),
      ...(began === undefined ? {} : { startTime: began }),
    },
    parent,
  );
}

/** What every span and metric says of the operation. */
export function operationOf(name: SpanName): Attributes {
  const type = operationTypes[name];
  return {
    [attributes.system]: "holdfast",
    [attributes.systemName]: "holdfast",
    [attributes.operation]: name,
    ...(type === undefined ? {} : { [attributes.operationType]: type }),
  };
}

/** Calls a function with a span as the one its code belongs to. */
export function within<Value>(span: Span, parent: Context, fn: () => Value): Value {
  return context.with(trace.setSpan(parent, span), fn);
}

/** The place a job is enqueued at: that of the running code, or where this is none, the one the job says it was asked for at. */
export function placeOf(asked: string | undefined): Context {
  const active = context.active();
  if (trace.getSpanContext(active) !== undefined) return active;
  const remote = readTrace(asked ?? null);
  return remote === undefined ? active : trace.setSpanContext(active, remote);
}

/** A link to the trace stored with a job; none when it has none. */
export function linkTo(stored: string | null): readonly Link[] {
  const remote = readTrace(stored);
  return remote === undefined ? [] : [{ context: remote }];
}

/** The class of an error, of which there are few: its code, else its name. */
export function errorType({ code, name }: StoredError): string {
  return code ?? name;
}

/** Marks a span as failed. */
export function failSpan(span: Span, error: StoredError): void {
  const { name, message, stack } = error;
  span.setAttributes({
    [attributes.errorType]: errorType(error),
    [attributes.errorMessage]: message,
  });
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.recordException({ name, message, ...(stack === undefined ? {} : { stack }) });
}
