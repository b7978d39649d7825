import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLineSplitter } from "./line-splitter.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("a line splitter", () => {
  test("gives the same lines however the bytes are cut, letters of several bytes included", () => {
    const text = fc.array(fc.stringMatching(/^[aä€😀]{1,8}$/u), { maxLength: 6 });
    fc.assert(
      fc.property(text, fc.array(fc.nat({ max: 60 })), (lines, cuts) => {
        const whole = bytes(lines.map((line) => `${line}\n`).join(""));
        const splitter = createLineSplitter(100);
        const at = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
        const parts = at.slice(1).map((end, index) => whole.subarray(at[index], end));
        expect(parts.flatMap((part) => splitter.push(part).lines)).toEqual(lines);
      }),
    );
  });

  test("leaves blank lines out and keeps a line without its end", () => {
    const splitter = createLineSplitter(100);
    expect(splitter.push(bytes("\n \r\na\nb")).lines).toEqual(["a"]);
    expect(splitter.push(bytes("\n")).lines).toEqual(["b"]);
  });

  test("a line of the largest size passes, one byte more does not, ended or not", () => {
    expect(createLineSplitter(3).push(bytes("abc\n"))).toEqual({ lines: ["abc"], overflow: false });
    expect(createLineSplitter(3).push(bytes("abcd\n"))).toEqual({ lines: [], overflow: true });
    const splitter = createLineSplitter(3);
    expect(splitter.push(bytes("ok\nab"))).toEqual({ lines: ["ok"], overflow: false });
    expect(splitter.push(bytes("cd"))).toEqual({ lines: [], overflow: true });
  });
});
