import { describe, expect, test } from "vitest";
import { type CapturedOutput, keepHead, keepTail } from "./captured-output.ts";

const encoder = new TextEncoder();

function push(output: CapturedOutput, ...texts: readonly string[]): string {
  for (const text of texts) output.push(encoder.encode(text));
  return output.text();
}

describe("the head of an output", () => {
  test("is all of it up to the cap", () => {
    expect(push(keepHead(6), "abc", "def")).toBe("abcdef");
  });

  test("ends with a mark that counts what was left out, however it came", () => {
    expect(push(keepHead(4), "abc", "def", "ghi")).toBe("abcd\n[5 more bytes were dropped]");
    expect(push(keepHead(4), "abcdefghi")).toBe("abcd\n[5 more bytes were dropped]");
  });

  test("is not cut in the middle of a letter", () => {
    expect(push(keepHead(4), "a€€")).toBe("a€\n[3 more bytes were dropped]");
    expect(push(keepHead(3), "a€€")).toBe("a\n[4 more bytes were dropped]");
  });

  test("reads a letter that came in two pieces", () => {
    const output = keepHead(10);
    for (const byte of encoder.encode("€")) output.push(Uint8Array.of(byte));
    expect(output.text()).toBe("€");
  });
});

describe("the tail of an output", () => {
  test("is all of it up to the cap", () => {
    expect(push(keepTail(6), "abc", "def")).toBe("abcdef");
  });

  test("begins with a mark that counts what was left out, however it came", () => {
    const kept = "[5 bytes before this were dropped]\nfghi";
    expect(push(keepTail(4), "abc", "def", "ghi")).toBe(kept);
    expect(push(keepTail(4), "abcdefghi")).toBe(kept);
    expect(push(keepTail(4), "a", "b", "c", "d", "e", "f", "g", "h", "i")).toBe(kept);
  });

  test("is not cut in the middle of a letter", () => {
    expect(push(keepTail(4), "€€a")).toBe("[3 bytes before this were dropped]\n€a");
    expect(push(keepTail(3), "€€a")).toBe("[4 bytes before this were dropped]\na");
  });
});
