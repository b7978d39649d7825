import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import type { Client } from "../../src/core/client.ts";
import type { Clock } from "../../src/core/clock.ts";
import { defineJob } from "../../src/core/define-job.ts";
import { defineResidentJob } from "../../src/core/define-resident-job.ts";
import type { Job, JobId } from "../../src/core/job.ts";
import { createWorker } from "../../src/runtime/worker.ts";
import { drain } from "../../src/testing/drain.ts";
import { allEnqueued, expectEnqueued } from "../../src/testing/expect-enqueued.ts";
import { expectCompleted, expectState } from "../../src/testing/expect-state.ts";
import type { JobRun } from "../../src/testing/job-run.ts";
import { runJob } from "../../src/testing/run-job.ts";

declare const client: Client;
declare const id: JobId<{ words: string }>;

interface Mailer {
  readonly mailer: { send(to: string): Promise<string> };
}

const count = defineJob({
  name: "count",
  payload: z.object({ text: z.string(), from: z.string().transform(Number) }),
  result: z.object({ words: z.number().transform(String) }),
});
const plain = count.handler(() => ({ words: 1 }));
const mailing = defineJob<{ to: string }, string>({ name: "mail" }).handler<Mailer>(
  ({ to }, { services }) => services.mailer.send(to),
);
const services: Mailer = { mailer: { send: async () => "id" } };

describe("runJob", () => {
  test("takes the definition's input and gives its result", async () => {
    const run = await runJob(plain, { text: "a", from: "1" });
    expectTypeOf(run).toEqualTypeOf<JobRun<{ words: string }>>();
    await runJob(plain, { text: "a", from: "1" }, { attempt: 2, checkpoint: { step: 1 } });
    // @ts-expect-error: a member is missing
    await runJob(plain, { text: "a" });
    // @ts-expect-error: the input is taken, not the schema's output
    await runJob(plain, { text: "a", from: 1 });
    // @ts-expect-error: there is no such option
    await runJob(plain, { text: "a", from: "1" }, { retries: 1 });
    // @ts-expect-error: a definition is no handler
    await runJob(count, { text: "a", from: "1" });
  });

  test("asks for the services a handler needs", async () => {
    const run = await runJob(mailing, { to: "ada" }, { services });
    expectTypeOf(run.result).toEqualTypeOf<string | undefined>();
    // @ts-expect-error: the mailer is missing
    await runJob(mailing, { to: "ada" });
    // @ts-expect-error: the mailer is of the wrong kind
    await runJob(mailing, { to: "ada" }, { services: { mailer: "smtp://" } });
  });

  test("takes the handler of a resident job", async () => {
    const sweeper = defineResidentJob<{ folder: string }>({ name: "sweeper" });
    const handler = sweeper.handler((_, job) => job.rescheduleIn("1h"));
    await runJob(handler, { folder: "tmp" });
    // @ts-expect-error: the payload has no such member
    await runJob(handler, { files: 1 });
  });
});

describe("override", () => {
  test("takes handlers that the worker's services are enough for", () => {
    createWorker(client, { handlers: [plain, mailing], override: [plain], services });
    createWorker(client, { handlers: [plain, mailing], override: [mailing], services });
    // @ts-expect-error: the mailer is missing
    createWorker(client, { handlers: [plain], override: [mailing] });
    // @ts-expect-error: a function alone does not say which job it is for
    createWorker(client, { handlers: [plain], override: [() => ({ words: 1 })] });
    // @ts-expect-error: the fake's result is no result of the job
    createWorker(client, { handlers: [plain], override: [count.handler(() => ({ words: "1" }))] });
  });
});

describe("assertions", () => {
  test("know the payload and the result", async () => {
    const job = await expectEnqueued(client, count, { from: "1" });
    expectTypeOf(job).toEqualTypeOf<Job<{ words: string }>>();
    expectTypeOf(await allEnqueued(client, count)).toEqualTypeOf<
      readonly Job<{ words: string }>[]
    >();
    expectTypeOf(await allEnqueued(client)).toEqualTypeOf<readonly Job[]>();
    // @ts-expect-error: the payload has no such member
    await expectEnqueued(client, count, { form: "1" });
    // @ts-expect-error: the member is of another type
    await expectEnqueued(client, count, { from: 1 });
    const deep = defineJob<{ a: { b: number; list: { c: string }[] } }>({ name: "deep" });
    await expectEnqueued(client, deep, { a: { b: 1 } });
    await expectEnqueued(client, deep, { a: { list: [{ c: "x" }, {}] } });
    const loose = defineJob({ name: "loose" });
    await expectEnqueued(client, loose, { any: "thing" });
  });

  test("of a state give the job, and of a completion its result", async () => {
    expectTypeOf(await expectCompleted(client, id)).toEqualTypeOf<{ words: string }>();
    expectTypeOf(await expectState(client, id, "retryable")).toEqualTypeOf<
      Job<{ words: string }>
    >();
    // @ts-expect-error: there is no such state
    await expectState(client, id, "done");
  });
});

test("a client has the clock it goes by", () => {
  expectTypeOf(client.clock).toEqualTypeOf<Clock>();
});

test("drain takes the options of a worker, and how far to go", async () => {
  await drain(client, { handlers: [plain, mailing], services, within: "24h", concurrency: 2 });
  // @ts-expect-error: a duration has a unit
  await drain(client, { handlers: [plain], within: "24" });
});
