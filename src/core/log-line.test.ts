import { describe, expect, test } from "vitest";
import { type LogLineParts, newestLines, newLogLine } from "./log-line.ts";

function made(given: Partial<LogLineParts> = {}) {
  const where = { job: "7", run: 2, attempt: 1, line: 0, at: 5, level: "info" } as const;
  return newLogLine({ ...where, message: "said", fields: {}, ...given });
}

/** The fields as they would be read. */
function fieldsOf(fields: unknown): unknown {
  return JSON.parse(made({ fields }).fields ?? "null");
}

describe("a line to be stored", () => {
  test("says what was logged, where and when", () => {
    expect(made({ fields: { a: [1, "b"] } })).toEqual({
      job: "7",
      run: 2,
      attempt: 1,
      line: 0,
      place: 0,
      at: 5,
      level: "info",
      message: "said",
      fields: '{"a":[1,"b"]}',
    });
  });

  test("takes the place of the oldest once 200 are kept", () => {
    expect([199, 200, 401].map((line) => made({ line }).place)).toEqual([199, 0, 1]);
  });

  test("keeps no fields where there are none", () => {
    for (const fields of [{}, undefined, { not: undefined }]) {
      expect(made({ fields }).fields).toBeNull();
    }
  });

  test("has the message alone when it was given alone", () => {
    expect(made({ message: undefined, fields: "alone" })).toMatchObject({
      message: "alone",
      fields: null,
    });
    expect(made({ message: undefined, fields: { a: 1 } }).message).toBe('{"a":1}');
    expect(made({ message: undefined, fields: undefined }).message).toBe("");
  });

  test("has errors with what caused them, and large numbers as text", () => {
    const error = new TypeError("no", { cause: new Error("why") });
    expect(fieldsOf({ error, big: 7n })).toMatchObject({
      error: { name: "TypeError", message: "no", cause: { message: "why" } },
      big: "7",
    });
  });

  test("is text that any database takes, and says so of what cannot be read", () => {
    expect(made({ message: "a\0b\ud83d" }).message).toBe("a\ufffdb\ufffd");
    const cyclic: Record<string, unknown> = {};
    cyclic["self"] = cyclic;
    expect(fieldsOf(cyclic)).toEqual({ unreadable: true });
  });

  test("is cut where it is too long", () => {
    expect(made({ message: "x".repeat(9_000) }).message).toHaveLength(4_096);
    const cut = fieldsOf({ text: "x".repeat(9_000) }) as { readonly cut: string };
    expect(cut.cut).toMatch(/^\{"text":"x+$/);
    expect(cut.cut).toHaveLength(8_192);
  });
});

describe("the newest of some lines", () => {
  test("are all, while each has a place of its own", () => {
    const lines = [made(), made({ line: 1 }), made({ run: 3 }), made({ job: "8" })];
    expect(newestLines(lines)).toBe(lines);
  });

  test("leave out those whose place a later one took", () => {
    const lines = [made(), made({ line: 1 }), made({ line: 200 })];
    expect(
      newestLines(lines)
        .map(({ line }) => line)
        .toSorted((a, b) => a - b),
    ).toEqual([1, 200]);
  });
});
