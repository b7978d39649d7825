const traceparent = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;

/** The id in a trace context written as a W3C `traceparent`; `undefined` when there is none, or it is none. */
export function traceIdOf(trace: string | null | undefined): string | undefined {
  return trace === null || trace === undefined ? undefined : traceparent.exec(trace)?.[1];
}
