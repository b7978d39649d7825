import { expect } from "vitest";
import type { Place } from "./harness.ts";

/** The message begins with the code, and nothing is stored. */
export async function expectRefused(
  { storage }: Place,
  code: string,
  enqueued: Promise<unknown>,
  before = 0,
): Promise<void> {
  const outcome = await enqueued.then(
    () => "it was stored",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  expect(outcome).toMatch(new RegExp(`(^|\\()${code}: `));
  expect(await storage.listJobs({}, 10)).toHaveLength(before);
}
