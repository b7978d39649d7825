import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { HoldfastError } from "../core/errors.ts";
import { storeError } from "../core/stored-error.ts";
import { createConsoleLogger, formatEntry } from "./console-logger.ts";

const at = new Date("2026-05-04T03:02:01.000Z");
const line = (fields: Readonly<Record<string, unknown>>) =>
  formatEntry(at, "info", fields, "hello");
const head = "2026-05-04T03:02:01.000Z info  holdfast: hello";

describe("an entry", () => {
  test.each<[Readonly<Record<string, unknown>>, string]>([
    [{}, ""],
    [{ job: "12", count: 3, ok: true, none: null }, " job=12 count=3 ok=true none=null"],
    [{ left: undefined }, ""],
    [{ name: "two words" }, ' name="two words"'],
    [{ name: 'a="b"' }, ' name="a=\\"b\\""'],
    [{ name: "" }, ' name=""'],
    [{ queues: ["a", "b"] }, ' queues=["a","b"]'],
    [{ fn: () => {} }, " fn=() => {}"],
  ])("shows %s as%s", (fields, shown) => {
    expect(line(fields)).toBe(head + shown);
  });

  test("is one line whatever is in it", () => {
    const error = new Error("two\nlines", { cause: new HoldfastError("STORAGE_BUSY", "locked") });
    const shown = line({ error, text: "a\nb" });
    expect(shown.split("\n")).toHaveLength(1);
    expect(shown).toContain("Error: two\\nlines (at ");
    expect(shown).toContain("<- HoldfastError STORAGE_BUSY: locked");
  });

  test("shows an error stored with a job like the error itself", () => {
    const error = new Error("failed", { cause: new HoldfastError("STORAGE_BUSY", "locked") });
    expect(line({ error: storeError(error) })).toBe(line({ error }));
  });

  test("survives what cannot be shown", () => {
    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;
    const endless = new Error("endless");
    endless.cause = endless;
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error("no");
        },
      },
    );
    expect(line({ cyclic })).toBe(`${head} cyclic=(unreadable)`);
    expect(line({ endless }).length).toBeLessThan(5_000);
    expect(line({ hostile })).toBe(`${head} hostile=(unreadable)`);
  });
});

describe("the console logger", () => {
  const written: string[] = [];

  beforeEach(() => {
    written.length = 0;
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      written.push(String(text));
      return true;
    });
  });

  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  function logAll(level?: string): string[] {
    const logger = createConsoleLogger(level);
    logger.debug({}, "d");
    logger.info({}, "i");
    logger.warn({}, "w");
    logger.error({}, "e");
    return written.map((entry) => entry.trimEnd().slice(-1));
  }

  test.each([
    ["debug", ["d", "i", "w", "e"]],
    ["info", ["i", "w", "e"]],
    ["warn", ["w", "e"]],
    ["error", ["e"]],
    ["silent", []],
    ["loud", ["i", "w", "e"]],
  ])("at level %s writes %j", (level, shown) => {
    expect(logAll(level)).toEqual(shown);
  });

  test("takes its level from HOLDFAST_LOG", () => {
    vi.stubEnv("HOLDFAST_LOG", "error");
    expect(logAll()).toEqual(["e"]);
  });
});
