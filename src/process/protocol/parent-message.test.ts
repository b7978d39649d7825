import { describe, expect, test } from "vitest";
import { coded } from "../../../test/support/coded.ts";
import { jobLine, requestId } from "./parent-message.ts";

const facts = { id: "42", run: 3, attempt: 2, name: "resize", queue: "images", trace: undefined };

describe("the line of a job", () => {
  test("is one line, whatever the payload holds", () => {
    const payload = { text: 'a\nb\r\u2028"}', id: "other" };
    const line = jobLine(facts, payload);
    expect(line).not.toMatch(/[\n\r]/);
    expect(JSON.parse(line)).toMatchObject({ type: "job", id: "42:3", job: "42", payload });
  });

  test("has an id no other run of the job has", () => {
    expect(requestId(facts)).not.toBe(requestId({ ...facts, run: 4 }));
  });

  test("says in which trace it runs, when it does, before the payload", () => {
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const traced = JSON.parse(jobLine({ ...facts, trace: `${traceparent} a=1` }, {})) as object;
    expect(traced).toMatchObject({ traceparent, tracestate: "a=1" });
    expect(Object.keys(traced).at(-1)).toBe("payload");
    expect(jobLine(facts, {})).not.toContain("trace");
  });

  test("refuses a payload that is no JSON, by its path", () => {
    const line = () => jobLine(facts, { at: new Date(0) });
    expect(line).toThrow(coded("PAYLOAD_INVALID", "at"));
  });
});
