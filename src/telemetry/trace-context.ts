import { createTraceState, isSpanContextValid, type SpanContext } from "@opentelemetry/api";
import { traceOf, traceText } from "../core/trace.ts";

/** A span's context as it is stored with a job; `undefined` for one that is recorded nowhere, as without an SDK. */
export function writeTrace(context: SpanContext | undefined): string | undefined {
  if (context === undefined || !isSpanContextValid(context)) return undefined;
  const { traceId, spanId, traceFlags, traceState } = context;
  const flags = (traceFlags & 0xff).toString(16).padStart(2, "0");
  const tracestate = traceState?.serialize();
  return traceText({
    traceparent: `00-${traceId}-${spanId}-${flags}`,
    ...(tracestate === undefined ? {} : { tracestate }),
  });
}

/** The context that was stored with a job. */
export function readTrace(text: string | null): SpanContext | undefined {
  const stored = traceOf(text);
  if (stored === undefined) return undefined;
  const [, traceId = "", spanId = "", flags = ""] = stored.traceparent.split("-");
  const context = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return stored.tracestate === undefined
    ? context
    : { ...context, traceState: createTraceState(stored.tracestate) };
}
