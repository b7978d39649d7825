import type { Library } from "./holdfast.ts";

/** How long each of an operator's questions took, in milliseconds, by kind. */
export async function lookAround(
  { createClient }: Library,
  url: string,
  calls: number,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const client = await createClient(url);
  const middle = Date.now() - 3 * 86_400_000;
  const day = 86_400_000;
  const { jobs, operations, stats } = client;
  const questions = {
    list: [
      () => jobs.list({ limit: 50 }),
      () => jobs.list({ queue: "queue-3", limit: 50 }),
      () => jobs.list({ state: "discarded", name: "name-7", limit: 50 }),
      () => jobs.list({ finishedBefore: middle, limit: 50 }),
    ],
    count: [
      () => jobs.count(),
      () => jobs.count({ queue: "queue-3" }),
      () => jobs.count({ state: "discarded" }),
    ],
    stats: [
      () => stats.summary(),
      () => stats.series({ queue: "queue-3", from: Date.now() - day }),
      () => stats.series({ name: "name-7", from: Date.now() - 30 * day }),
    ],
    "dry-run": [
      () => operations.preview({ action: "retry", filter: { name: "name-1*", error: "bench" } }),
      () =>
        operations.preview({
          action: "delete",
          filter: { state: "completed", queue: "queue-3", finishedBefore: middle },
        }),
    ],
  };
  const took: Record<string, number[]> = {};
  for (let round = -1; round < calls; round += 1) {
    for (const [kind, asked] of Object.entries(questions)) {
      for (const ask of asked) {
        const began = performance.now();
        await ask();
        // The first round warms up.
        if (round >= 0) (took[kind] ??= []).push(performance.now() - began);
      }
    }
  }
  await client.close();
  return took;
}
