import { expect, test } from "vitest";
import { recordingLogger } from "../../test/support/recording-logger.ts";
import type { Scope } from "../core/limit-options.ts";
import { createScopeBook } from "./scope-book.ts";

const scopeOf = (scope: string): Scope => ({ scope, concurrent: 1, rate: null });

function setUp() {
  const declared: unknown[] = [];
  let failing = false;
  const logger = recordingLogger();
  const storage = {
    async declareScopes(scopes: readonly Scope[], tx?: object) {
      if (failing) throw new Error("away");
      declared.push({ names: scopes.map(({ scope }) => scope), tx });
    },
  };
  const book = createScopeBook(storage, logger);
  return { book, declared, logger, fail: (now: boolean) => (failing = now) };
}

test("what is known to be declared is not declared again", async () => {
  const { book, declared } = setUp();
  await book.ensure([scopeOf("a"), scopeOf("b")]);
  await book.ensure([scopeOf("b"), scopeOf("c")]);
  expect(book.ensure([scopeOf("a"), scopeOf("c")])).toBeUndefined();
  expect(book.ensure([])).toBeUndefined();
  expect(declared).toEqual([{ names: ["a", "b"] }, { names: ["c"] }]);
});

test("what was declared in a transaction or failed to be is declared again", async () => {
  const { book, declared, fail } = setUp();
  const tx = {};
  await book.ensure([scopeOf("a")], tx);
  fail(true);
  await expect(book.ensure([scopeOf("a")])).rejects.toThrow("away");
  fail(false);
  await book.ensure([scopeOf("a")]);
  expect(declared).toEqual([{ names: ["a"], tx }, { names: ["a"] }]);
});

test("numbers that differ from those declared before are told of, once", async () => {
  const { book, declared, logger } = setUp();
  const rate = { count: 1, perMs: 1_000 };
  await book.ensure([scopeOf("a"), { ...scopeOf("b"), rate }]);
  expect(book.ensure([scopeOf("a"), { ...scopeOf("b"), rate: { ...rate } }])).toBeUndefined();
  expect(logger.lines).toEqual([]);
  expect(book.ensure([{ ...scopeOf("a"), concurrent: 2 }])).toBeUndefined();
  expect(book.ensure([scopeOf("b")])).toBeUndefined();
  expect(book.ensure([{ ...scopeOf("b"), rate: { ...rate, count: 2 } }])).toBeUndefined();
  await book.ensure([scopeOf("c"), { ...scopeOf("c"), concurrent: 3 }]);
  const said = logger.lines.map(({ level, fields }) => [level, fields["scope"]]);
  expect(said).toEqual([
    ["warn", "a"],
    ["warn", "b"],
    ["warn", "c"],
  ]);
  expect(declared).toHaveLength(2);
});
