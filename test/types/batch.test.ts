import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import type { BatchHandler, BatchItem, BatchOutcome, JobBatch } from "../../src/core/batch.ts";
import type { Client, FinishedJob } from "../../src/core/client.ts";
import { defineJob } from "../../src/core/define-job.ts";
import type { JobId } from "../../src/core/job.ts";
import type { Transaction } from "../../src/core/transaction.ts";

interface Mailer {
  readonly send: (to: string) => Promise<string>;
}

const count = defineJob({
  name: "count",
  payload: z.object({ from: z.string().transform(Number) }),
  result: z.object({ words: z.number().transform(String) }),
});
const loose = defineJob<{ n: number }>({ name: "loose" });

describe("a batch handler", () => {
  test("gets the output of the payload's schema, item by item", () => {
    count.batchHandler({ size: 3 }, (batch) => {
      expectTypeOf(batch).toEqualTypeOf<JobBatch<{ from: number }, { words: number }>>();
      for (const { payload } of batch.items)
        expectTypeOf(payload).toEqualTypeOf<{ from: number }>();
    });
  });

  test("hands back outcomes or nothing", () => {
    count.batchHandler({}, () => {});
    count.batchHandler({}, async ({ items }) => items.map((item) => item.complete({ words: 1 })));
    count.batchHandler({}, ({ items }) => items.map((item) => item.snooze("5m")));
    // @ts-expect-error: results are given by the items' outcomes
    count.batchHandler({}, () => [{ words: 1 }]);
    // @ts-expect-error: there is no such option
    count.batchHandler({ sise: 3 }, () => {});
    // @ts-expect-error: a duration has a unit
    count.batchHandler({ linger: "soon" }, () => {});
  });

  test("completes an item with a result of the declared type", () => {
    count.batchHandler({}, ({ items }) =>
      items.flatMap((item) => [
        item.complete({ words: 1 }),
        // @ts-expect-error: the result has no such member type
        item.complete({ words: "1" }),
        // @ts-expect-error: a result is missing
        item.complete(),
      ]),
    );
    loose.batchHandler({}, ({ items }) =>
      items.flatMap((item) => [item.complete(), item.complete({ any: "thing" })]),
    );
  });

  test("gets the services it asks for", () => {
    const handler = count.batchHandler<{ mailer: Mailer }>({}, async ({ services }) => {
      expectTypeOf(services.mailer).toEqualTypeOf<Mailer>();
    });
    expectTypeOf(handler).toEqualTypeOf<BatchHandler<{ mailer: Mailer }>>();
    expectTypeOf(handler).not.toExtend<BatchHandler>();
  });

  test("tries items out in a transaction, with results of the declared type", () => {
    count.batchHandler({}, (batch) =>
      batch.transaction(async (tx) => {
        expectTypeOf(tx).toEqualTypeOf<Transaction>();
        const outcomes = await batch.isolated(tx, async (item) => {
          expectTypeOf(item).toEqualTypeOf<BatchItem<{ from: number }, { words: number }>>();
          return item.payload.from === 0 ? item.discard("empty") : { words: item.payload.from };
        });
        expectTypeOf(outcomes).toEqualTypeOf<readonly BatchOutcome[]>();
        // @ts-expect-error: the result has no such member type
        await batch.isolated(tx, async () => ({ words: "1" }));
        await batch.bisect(tx, async () => {}, { budget: "full" });
        // @ts-expect-error: there is no such budget
        return batch.bisect(tx, async () => {}, { budget: "most" });
      }),
    );
  });
});

declare const client: Client;

describe("client.handles", () => {
  test("gives the results of many jobs, each of its own type in its place", async () => {
    const { id } = await client.enqueue(count, { from: "1" });
    const other = "12" as JobId<number>;
    const handles = client.handles([id, other]);
    const [first, second] = await handles.all({ timeout: "1m" });
    expectTypeOf(first).toEqualTypeOf<{ words: string }>();
    expectTypeOf(second).toEqualTypeOf<number>();
    const ends = await handles.finished({ timeout: "1m" });
    expectTypeOf(ends[1]).toEqualTypeOf<FinishedJob<number>>();
  });

  test("of a list gives a list", async () => {
    const receipts = await client.enqueueMany(count, [{ from: "1" }]);
    const results = await client.handles(receipts.map(({ id }) => id)).all({ timeout: 1 });
    expectTypeOf(results).toEqualTypeOf<readonly { words: string }[]>();
    expectTypeOf(await client.handles(["7", "8"]).all({ timeout: 1 })).toExtend<
      readonly unknown[]
    >();
    // @ts-expect-error: a wait needs a timeout
    await client.handles(["7"]).all();
  });
});
