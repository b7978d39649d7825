import { defineJob } from "holdfast";
import { expect, test } from "vitest";
import { coded } from "../support/coded.ts";
import { describeDatabases } from "./client-databases.ts";

const greet = defineJob<{ n: number; user?: { region: string } }>({
  name: "greet",
  tags: ["hello"],
});
const rare = defineJob({ name: "rare", queue: "side", tags: ["seldom", "hello"] });

describeDatabases((databases) => {
  test("a bounded list goes on page by page, and says how far it looked", async () => {
    const client = await databases.client();
    const { id } = await client.enqueue(rare, {});
    const later = await client.enqueueMany(
      greet,
      [1, 2, 3, 4, 5].map((n) => ({ n })),
    );
    const first = await client.jobs.list({ name: "r*", searchAtMost: 3 });
    const stopped = await client.jobs.get(later[2]?.id ?? "");
    expect(first).toEqual({ jobs: [], next: stopped?.id, searchedTo: stopped?.createdAt });
    const second = await client.jobs.list({ name: "r*", searchAtMost: 3, after: first.next ?? "" });
    expect(second.jobs.map((job) => job.id)).toEqual([id]);
    expect(second).toMatchObject({ next: null, searchedTo: null });
    const full = await client.jobs.list({ searchAtMost: 4, limit: 2 });
    expect(full).toMatchObject({ next: later[3]?.id, searchedTo: null });
    expect((await client.jobs.list({ valuesUpTo: 5 })).jobs.map(({ payload }) => payload)).toEqual([
      ...Array.from({ length: 5 }, () => undefined),
      {},
    ]);
    expect(await client.jobs.count({ name: "rare" }, { searchAtMost: 2 })).toMatchObject({
      available: { jobs: 0, atLeast: true },
      completed: { jobs: 0, atLeast: false },
    });
    const [queue] = await client.queues.list({ countAtMost: 2 });
    expect(queue).toMatchObject({ name: "default", available: 2, atLeast: ["available"] });
    expect(await client.queues.get("side", { countAtMost: 2 })).toMatchObject({
      available: 1,
      atLeast: [],
    });
    await expect(client.jobs.list({ searchAtMost: 0 })).rejects.toThrow(coded("INVALID_OPTION"));
    await expect(client.queues.list({ countAtMost: 0.5 })).rejects.toThrow(coded("INVALID_OPTION"));
  });

  test("values complete names, queues, tags and payloads", async () => {
    const client = await databases.client();
    await client.enqueueMany(greet, [
      { n: 1, user: { region: "eu" } },
      { n: 2, user: { region: "us" } },
      { n: 2, user: { region: "eu" } },
    ]);
    const { id } = await client.enqueue(rare, { region: "none" });
    expect(await client.jobs.values({ field: "name" })).toEqual(["greet", "rare"]);
    expect(await client.jobs.values({ field: "name", prefix: "R" })).toEqual(["rare"]);
    expect(await client.jobs.values({ field: "queue" })).toEqual(["default", "side"]);
    expect(await client.jobs.values({ field: "tag" })).toEqual(["hello", "seldom"]);
    expect(await client.jobs.values({ field: "payload" })).toEqual(["n", "user.region", "region"]);
    const path = "user.region";
    expect(await client.jobs.values({ field: "payload", path })).toEqual(["eu", "us"]);
    expect(await client.jobs.values({ field: "payload", filter: { name: "rare" } })).toEqual([
      "region",
    ]);
    expect(await client.jobs.texts([id], { upTo: 9 })).toEqual([
      { id, payload: '{"region"', result: null, checkpoint: null, progress: null },
    ]);
    const wrong = { field: "payload", path: 'a"b' } as const;
    await expect(client.jobs.values(wrong)).rejects.toThrow(coded("INVALID_OPTION"));
    await expect(client.jobs.texts([])).rejects.toThrow(coded("INVALID_OPTION"));
  });
});
