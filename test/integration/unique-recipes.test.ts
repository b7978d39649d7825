import { type Client, defineJob } from "holdfast";
import { createManualClock, drain } from "holdfast/testing";
import { expect, test } from "vitest";
import { coded } from "../support/coded.ts";
import { describeWorkers } from "./worker-bench.ts";

interface Change {
  readonly doc: string;
  readonly rev: number;
}

describeWorkers((openBench) => {
  test("debounce: the last of many runs, once it has been quiet for a while", async () => {
    const clock = createManualClock();
    const { client } = await openBench({ clock });
    const reindex = defineJob<Change>({
      name: "reindex",
      unique: { key: ({ doc }) => doc, while: "waiting", onConflict: "replace" },
    });
    const quiet = { delay: "10s" } as const;
    const first = await client.enqueue(reindex, { doc: "a", rev: 1 }, quiet);
    const other = await client.enqueue(reindex, { doc: "b", rev: 1 }, quiet);
    expect([first.outcome, other.outcome]).toEqual(["enqueued", "enqueued"]);
    await clock.advance("9s");
    const pushed = await client.enqueue(reindex, { doc: "a", rev: 2 }, quiet);
    expect(pushed).toEqual({ id: first.id, outcome: "replaced" });
    const ran: unknown[] = [];
    const from = clock.now();
    const handler = reindex.handler(
      ({ doc, rev }) => void ran.push([doc, rev, clock.now() - from]),
    );
    await drain(client, { handlers: [handler] });
    expect(ran).toEqual([
      ["b", 1, 1_000],
      ["a", 2, 10_000],
    ]);
  });

  test("debounce with within: a stream without a pause still gets its jobs through", async () => {
    const clock = createManualClock();
    const { client } = await openBench({ clock });
    const reindex = defineJob<Change>({
      name: "reindex",
      unique: {
        key: ({ doc }) => doc,
        while: "waiting",
        onConflict: "replace",
        within: "25s",
      },
    });
    const outcomes: string[] = [];
    for (const rev of [1, 2, 3, 4]) {
      const { outcome } = await client.enqueue(reindex, { doc: "a", rev }, { delay: "10s" });
      outcomes.push(outcome);
      await clock.advance("9s");
    }
    expect(outcomes).toEqual(["enqueued", "replaced", "replaced", "enqueued"]);
    const ran: number[] = [];
    await drain(client, { handlers: [reindex.handler(({ rev }) => void ran.push(rev))] });
    expect(ran).toEqual([3, 4]);
  });

  test("throttle: the first counts, and the others of its minute are dropped", async () => {
    const clock = createManualClock();
    const { client } = await openBench({ clock });
    const alert = defineJob<{ text: string; n: number }>({
      name: "alert",
      unique: { key: ({ text }) => text, while: "ever", within: "1m" },
    });
    const ran: number[] = [];
    const handlers = [alert.handler(({ n }) => void ran.push(n))];
    const outcomes: string[] = [];
    for (const n of [1, 2, 3, 4]) {
      outcomes.push((await client.enqueue(alert, { text: "disk full", n })).outcome);
      await drain(client, { handlers });
      await clock.advance("30s");
    }
    expect(outcomes).toEqual(["enqueued", "existing", "enqueued", "existing"]);
    expect(ran).toEqual([1, 3]);
  });

  test("singleton: of many enqueues at once, in transactions or not, one makes the job", async () => {
    const bench = await openBench();
    const second = await openBench({ on: bench });
    const rebuild = defineJob<number>({ name: "rebuild", unique: { key: "only" } });
    const inTransaction = (client: Client, n: number) =>
      client.transaction((tx) => client.enqueue(rebuild, n, { tx }));
    const calls = Array.from({ length: 12 }, (_, n) => {
      const { client } = n % 2 === 0 ? bench : second;
      return n % 3 === 0 ? inTransaction(client, n) : client.enqueue(rebuild, n);
    });
    const receipts = await Promise.all(calls);
    expect(receipts.filter(({ outcome }) => outcome === "enqueued")).toHaveLength(1);
    expect(new Set(receipts.map(({ id }) => id)).size).toBe(1);
    const { id } = receipts[0] as (typeof receipts)[number];
    const ran: number[] = [];
    await bench.work([rebuild.handler((n) => void ran.push(n))]);
    await bench.finished(id);
    expect(ran).toHaveLength(1);
    const next = await bench.client.enqueue(rebuild, 99);
    expect(next.outcome).toBe("enqueued");
    await bench.finished(next.id);
    expect(ran.at(-1)).toBe(99);
  });

  test("idempotency key: a repeated request gives the job it made until 24 h after its end", async () => {
    const clock = createManualClock();
    const { client } = await openBench({ clock });
    const charge = defineJob<number>({ name: "charge" });
    const options = { idempotencyKey: "order-1" };
    const first = await client.enqueue(charge, 5, options);
    const existing = { id: first.id, outcome: "existing" };
    expect(await client.enqueue(charge, 6, options)).toEqual(existing);
    const ran: number[] = [];
    const handlers = [charge.handler((amount) => void ran.push(amount))];
    await drain(client, { handlers });
    await clock.advance("23h");
    expect(await client.enqueue(charge, 5, options)).toEqual(existing);
    await clock.advance("1h");
    expect((await client.enqueue(charge, 7, options)).outcome).toBe("enqueued");
    await drain(client, { handlers });
    expect(ran).toEqual([5, 7]);
  });

  test("idempotency key: it says how long it counts, and when its job is no longer kept", async () => {
    const clock = createManualClock();
    const { client, storage } = await openBench({ clock });
    const charge = defineJob<number>({ name: "charge" });
    const options = { idempotencyKey: { key: "order-1", keep: "30d" } } as const;
    const { id } = await client.enqueue(charge, 5, options);
    await drain(client, { handlers: [charge.handler(() => {})] });
    await clock.advance("20d");
    await storage.pruneJobs(100, clock.now());
    expect(await client.jobs.get(id)).toBeUndefined();
    const again = await client.enqueue(charge, 5, options);
    expect(again).toEqual({ id, outcome: "existing", kept: false });
  });

  test("one idempotency key cannot name many jobs, but each of many may have its own", async () => {
    const { client } = await openBench();
    const charge = defineJob<number>({ name: "charge" });
    const many = client.enqueueMany(charge, [1, 2], { idempotencyKey: "order-1" });
    await expect(many).rejects.toEqual(coded("INVALID_OPTION"));
    const requests = ["a", "b", "a"].map((idempotencyKey, n) =>
      charge.request(n, { idempotencyKey }),
    );
    const receipts = await client.enqueueMany(requests);
    expect(receipts.map(({ outcome }) => outcome)).toEqual(["enqueued", "enqueued", "existing"]);
    expect(receipts[2]?.id).toBe(receipts[0]?.id);
  });
});
