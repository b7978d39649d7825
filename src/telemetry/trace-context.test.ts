import { createTraceState, INVALID_SPAN_CONTEXT } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { readTrace, writeTrace } from "./trace-context.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";

test("a span's context is written as W3C has it, and read again", () => {
  const traceState = createTraceState("vendor=a,other=b");
  const text = writeTrace({ traceId, spanId, traceFlags: 1, traceState });
  expect(text).toBe(`00-${traceId}-${spanId}-01 vendor=a,other=b`);
  const read = readTrace(text ?? null);
  expect(read).toMatchObject({ traceId, spanId, traceFlags: 1, isRemote: true });
  expect(read?.traceState?.serialize()).toBe("vendor=a,other=b");
});

test("one without state, and not sampled, is the traceparent alone", () => {
  const text = writeTrace({ traceId, spanId, traceFlags: 0 });
  expect(text).toBe(`00-${traceId}-${spanId}-00`);
  expect(readTrace(text ?? null)).toEqual({ traceId, spanId, traceFlags: 0, isRemote: true });
});

test.each([[undefined], [INVALID_SPAN_CONTEXT]])("%j is no context to write", (context) => {
  expect(writeTrace(context)).toBeUndefined();
});

test.each([[null], ["no trace"]])("%j is no context to read", (text) => {
  expect(readTrace(text)).toBeUndefined();
});
