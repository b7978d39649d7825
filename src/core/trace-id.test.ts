import { expect, test } from "vitest";
import { traceIdOf } from "./trace-id.ts";

const id = "0af7651916cd43dd8448eb211c80319c";

test.each([
  ["a traceparent", `00-${id}-b7ad6b7169203331-01`, id],
  ["one with its tracestate", `00-${id}-b7ad6b7169203331-00 vendor=1`, id],
  ["other text", "no trace", undefined],
  ["null", null, undefined],
  ["nothing", undefined, undefined],
])("the trace id of %s", (_, trace, expected) => {
  expect(traceIdOf(trace)).toBe(expected);
});
