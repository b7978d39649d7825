import { describe, expect, test } from "vitest";
import { traceIdOf, traceOf, traceText } from "./trace.ts";

const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const tracestate = "vendor=a b,other=1";

describe("a trace as text", () => {
  test.each([
    { traceparent },
    { traceparent, tracestate },
    { traceparent, tracestate: "x".repeat(512) },
  ])("is read as what it was written from", (context) => {
    const text = traceText(context);
    expect(text?.length).toBeLessThanOrEqual(568);
    expect(traceOf(text ?? null)).toEqual(context);
  });

  test.each([
    ["longer than 512 characters", "x".repeat(513)],
    ["with characters no header has", "a=\u001f"],
    ["of spaces", "  "],
  ])("leaves a state out that is %s", (_, wrong) => {
    expect(traceText({ traceparent, tracestate: wrong })).toBe(traceparent);
  });

  test.each([
    ["nothing", ""],
    ["upper case", traceparent.toUpperCase()],
    ["version ff", `ff${traceparent.slice(2)}`],
    ["no trace", `00-${"0".repeat(32)}-00f067aa0ba902b7-01`],
    ["no span", `00-4bf92f3577b34da6a3ce929d0e0e4736-${"0".repeat(16)}-01`],
    ["more than a parent", `${traceparent}-1`],
  ])("is none of a parent with %s", (_, wrong) => {
    expect(traceText({ traceparent: wrong, tracestate })).toBeUndefined();
  });

  test.each([null, "", "x", `${traceparent}-1`, `${traceparent} `, `${traceparent} \u001f`])(
    "%j says none",
    (text) => {
      expect(traceOf(text)).toBeUndefined();
    },
  );
});

test.each([
  [
    "a trace",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 a=1",
    "0af7651916cd43dd8448eb211c80319c",
  ],
  ["other text", "no trace", undefined],
  ["null", null, undefined],
  ["nothing", undefined, undefined],
])("the trace id of %s", (_, text, id) => {
  expect(traceIdOf(text)).toBe(id);
});
