/** A place in a distributed trace, as the two headers of W3C Trace Context say it. */
export interface TraceContext {
  readonly traceparent: string;
  /** What tracing systems add for each other. */
  readonly tracestate?: string;
}

/** Version, trace id, the caller's span id and flags, in lower case. */
const parent = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Printable ASCII, as much as every tracing system must pass on. */
const state = /^[\x20-\x7e]{1,512}$/;

/**
 * The text that is stored with a job: `traceparent`, and after a space `tracestate` if there is one. `undefined` for a parent
 * that is not valid; a state that is not, or is longer than 512 characters, is left out. A trace is a service to whoever looks
 * for something: a wrong one never stops a job.
 */
export function traceText({
  traceparent = "",
  tracestate = "",
}: Partial<TraceContext>): string | undefined {
  if (!parent.test(traceparent)) return undefined;
  const kept = tracestate.trim();
  return state.test(kept) ? `${traceparent} ${kept}` : traceparent;
}

/** What a stored text says; `undefined` for `null`, and for text that is no trace. */
export function traceOf(text: string | null): TraceContext | undefined {
  if (text === null) return undefined;
  const traceparent = text.slice(0, 55);
  const rest = text.slice(55);
  if (!parent.test(traceparent)) return undefined;
  if (rest === "") return { traceparent };
  const tracestate = rest.slice(1);
  return rest.startsWith(" ") && state.test(tracestate) ? { traceparent, tracestate } : undefined;
}

/** The id of the trace that a stored text names: 32 hexadecimal digits. */
export function traceIdOf(text: string | null | undefined): string | undefined {
  return traceOf(text ?? null)?.traceparent.slice(3, 35);
}
