import { expect, test } from "vitest";
import type { Client } from "../../core/client.ts";
import type { Operation } from "../../core/operation.ts";
import type { CommandContext } from "../command-context.ts";
import { seeThrough } from "./bulk.ts";

/** Sees an operation through that ends like this; gives the last line, and what was thrown. */
async function ending(counts: Partial<Operation>) {
  const given = { id: "1", action: "cancel", state: "completed", failed: 0, error: null };
  const operation = { ...given, ...counts } as Operation;
  const operations = { wait: async () => operation, get: async () => operation };
  let said = "";
  const context = {
    client: { operations } as unknown as Client,
    print: { result: (_value: unknown, text: () => string) => (said = text()) },
    progress: () => ({ update() {}, end() {} }),
  } as unknown as CommandContext & { readonly client: Client };
  const thrown: unknown = await seeThrough(operation, context).catch((error: unknown) => error);
  return [said, thrown];
}

test("an operation that did not come to every job that matched says so, and fails", async () => {
  expect(await ending({ matched: 3, done: 1, skipped: 1 })).toEqual([
    "operation 1 (cancel) completed: 1 of 3 done, 1 skipped, 0 failed, 1 no longer matched",
    expect.objectContaining({ exitCode: 1 }),
  ]);
  expect(await ending({ matched: 3, done: 2, skipped: 1 })).toEqual([
    "operation 1 (cancel) completed: 2 of 3 done, 1 skipped, 0 failed",
    undefined,
  ]);
});
