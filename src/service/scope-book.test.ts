import { expect, test } from "vitest";
import type { Scope } from "../core/limit-options.ts";
import { createScopeBook } from "./scope-book.ts";

const scopeOf = (scope: string): Scope => ({ scope, concurrent: 1, rate: null });

function setUp() {
  const declared: unknown[] = [];
  let failing = false;
  const book = createScopeBook({
    async declareScopes(scopes, tx) {
      if (failing) throw new Error("away");
      declared.push({ names: scopes.map(({ scope }) => scope), tx });
    },
  });
  return { book, declared, fail: (now: boolean) => (failing = now) };
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
