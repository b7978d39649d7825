import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import type { Client } from "../../src/core/client.ts";
import { defineJob } from "../../src/core/define-job.ts";
import type { EnqueueReceipt } from "../../src/core/enqueue-options.ts";
import type { Job, JobId } from "../../src/core/job.ts";

declare const client: Client;

const welcome = defineJob({
  name: "send-welcome",
  payload: z.object({ email: z.string(), at: z.string().transform(Date.parse) }),
  result: z.object({ messageId: z.string() }),
});
const report = defineJob<{ month: number }, number>({ name: "report" });

type Welcomed = { messageId: string };

describe("enqueue", () => {
  test("a wrong payload is a compile error", async () => {
    await client.enqueue(welcome, { email: "a", at: "2026-01-01" });
    // @ts-expect-error: a member is missing
    await client.enqueue(welcome, { email: "a" });
    // @ts-expect-error: a member is of the wrong type
    await client.enqueue(welcome, { email: 7, at: "2026-01-01" });
    // @ts-expect-error: there is no such member
    await client.enqueue(welcome, { email: "a", at: "2026-01-01", cc: "b" });
    // @ts-expect-error: the input is taken, not the schema's output
    await client.enqueue(welcome, { email: "a", at: 0 });
    // @ts-expect-error: the payload is missing
    await client.enqueue(report);
    // @ts-expect-error: explicit types are checked as well
    await client.enqueue(report, { month: "May" });
  });

  test("its options are checked, and unique.key sees the input", async () => {
    const payload = { email: "a", at: "2026-01-01" };
    await client.enqueue(welcome, payload, { delay: "10m", unique: { key: (p) => p.email } });
    await client.enqueue(welcome, payload, { runAt: new Date(), unique: null });
    // @ts-expect-error: there is no such option
    await client.enqueue(welcome, payload, { wait: "10m" });
    // @ts-expect-error: a duration has a unit
    await client.enqueue(welcome, payload, { delay: "soon" });
    // @ts-expect-error: the payload has no such member
    await client.enqueue(welcome, payload, { unique: { key: (p: { nope: string }) => p.nope } });
    // @ts-expect-error: a started job cannot be rewritten
    await client.enqueue(welcome, payload, { unique: { key: "k", onConflict: "replace" } });
  });

  test("by name takes any payload and gives an unknown result", async () => {
    const receipt = await client.enqueue("send-welcome", { any: "thing" }, { queue: "emails" });
    expectTypeOf(receipt).toEqualTypeOf<EnqueueReceipt>();
  });

  test("its outcome is one of three words", async () => {
    const { outcome } = await client.enqueue(report, { month: 1 });
    expectTypeOf(outcome).toEqualTypeOf<"enqueued" | "existing" | "replaced">();
  });
});

describe("the result type", () => {
  test("flows from defineJob to client.handle(id).result()", async () => {
    const { id } = await client.enqueue(welcome, { email: "a", at: "2026-01-01" });
    expectTypeOf(id).toEqualTypeOf<JobId<Welcomed>>();
    const handle = client.handle(id);
    expectTypeOf(await handle.result({ timeout: "30s" })).toEqualTypeOf<Welcomed>();
    expectTypeOf(await handle.get()).toEqualTypeOf<Job<Welcomed> | undefined>();
    const end = await handle.finished({ timeout: "30s" });
    expectTypeOf(end.result).toEqualTypeOf<Welcomed | undefined>();
  });

  test("is unknown for an id from elsewhere, or what the caller says", async () => {
    expectTypeOf(await client.handle("12").result({ timeout: 1 })).toEqualTypeOf<unknown>();
    expectTypeOf(await client.handle<number>("12").result({ timeout: 1 })).toEqualTypeOf<number>();
  });

  test("an id is text, so every border takes it", async () => {
    const { id } = await client.enqueue(report, { month: 1 });
    expectTypeOf(id).toExtend<string>();
    await client.jobs.cancel(id, { why: "obsolete" });
  });
});

describe("enqueueMany", () => {
  test("of one kind gives one typed receipt each", async () => {
    const receipts = await client.enqueueMany(report, [{ month: 1 }, { month: 2 }]);
    expectTypeOf(receipts).toEqualTypeOf<readonly EnqueueReceipt<number>[]>();
    // @ts-expect-error: one payload is wrong
    await client.enqueueMany(report, [{ month: 1 }, { month: "May" }]);
  });

  test("of mixed requests keeps each one's result type in its place", async () => {
    const [first, second] = await client.enqueueMany([
      welcome.request({ email: "a", at: "2026-01-01" }, { delay: "1m" }),
      report.request({ month: 1 }),
    ]);
    expectTypeOf(first).toEqualTypeOf<EnqueueReceipt<Welcomed>>();
    expectTypeOf(second).toEqualTypeOf<EnqueueReceipt<number>>();
    expectTypeOf(await client.handle(second.id).result({ timeout: 1 })).toEqualTypeOf<number>();
    // @ts-expect-error: the payload is wrong
    await client.enqueueMany([report.request({ month: "May" })]);
  });

  test("of a list of requests made in a loop gives a list of receipts", async () => {
    const requests = [1, 2, 3].map((month) => report.request({ month }));
    const receipts = await client.enqueueMany(requests);
    expectTypeOf(receipts).toEqualTypeOf<readonly EnqueueReceipt<number>[]>();
  });
});

describe("inside a handler", () => {
  test("job.enqueue is typed like the client's", () => {
    report.handler(async (_payload, job) => {
      const { id } = await job.enqueue(welcome, { email: "a", at: "2026-01-01" });
      expectTypeOf(id).toEqualTypeOf<JobId<Welcomed>>();
      // @ts-expect-error: the payload is wrong
      await job.enqueue(welcome, { email: 7 });
      return 1;
    });
  });
});

describe("client.transaction", () => {
  test("gives its function's value", async () => {
    const id = await client.transaction(async (tx) => {
      const receipt = await client.enqueue(report, { month: 1 }, { tx });
      return receipt.id;
    });
    expectTypeOf(id).toEqualTypeOf<JobId<number>>();
  });
});
