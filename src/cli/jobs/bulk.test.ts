import { expect, test } from "vitest";
import type { Client } from "../../core/client.ts";
import type { Operation } from "../../core/operation.ts";
import type { Printer } from "../printer.ts";
import { carryOut } from "./bulk.ts";

/** Carries out an operation that ends like this; gives the last line, and what was thrown. */
async function ending(counts: Partial<Operation>) {
  const operation = { id: "1", action: "cancel", state: "completed", error: null, ...counts };
  const operations = {
    start: async () => operation,
    wait: async () => operation,
    get: async () => operation,
  };
  let said = "";
  const print = { result: (_value: unknown, text: () => string) => (said = text()) };
  const context = {
    client: { operations } as unknown as Client,
    print: print as unknown as Printer,
    progress: () => ({ update() {}, end() {} }),
  };
  const request = { action: "cancel", filter: {} } as const;
  const thrown: unknown = await carryOut(request, { yes: true }, context).catch((error) => error);
  return [said, thrown];
}

test("an operation that came to none of the jobs that matched has not done what was asked", async () => {
  expect(await ending({ matched: 3, done: 0, skipped: 0, failed: 0 })).toEqual([
    "operation 1 (cancel) completed: 0 of 3 done, 0 skipped, 0 failed, 3 no longer matched",
    expect.objectContaining({ exitCode: 1 }),
  ]);
});

test("jobs that ended before it came to them are told of, and are no failure", async () => {
  expect(await ending({ matched: 3, done: 1, skipped: 1, failed: 0 })).toEqual([
    "operation 1 (cancel) completed: 1 of 3 done, 1 skipped, 0 failed, 1 no longer matched",
    undefined,
  ]);
  expect((await ending({ matched: 0, done: 0, skipped: 0, failed: 0 }))[1]).toBeUndefined();
});
