import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { defineJob, type JobDefinition, type JobHandler } from "../../src/core/define-job.ts";
import type { Ending, JobContext } from "../../src/core/job-context.ts";
import type { Transaction } from "../../src/core/transaction.ts";

interface Mailer {
  readonly send: (to: string) => Promise<string>;
}

const count = defineJob({
  name: "count",
  payload: z.object({
    text: z.string(),
    from: z.string().transform(Number),
    max: z.number().default(9),
  }),
  result: z.object({ words: z.number().transform(String) }),
});

describe("a definition with schemas", () => {
  test("enqueue takes the schema's input, the handler gets its output", () => {
    expectTypeOf(count.request)
      .parameter(0)
      .toEqualTypeOf<{ text: string; from: string; max?: number | undefined }>();
    count.handler((payload, job) => {
      expectTypeOf(payload).toEqualTypeOf<{ text: string; from: number; max: number }>();
      expectTypeOf(job).toEqualTypeOf<JobContext<{ words: number }>>();
      return { words: 1 };
    });
  });

  test("the handler returns the result schema's input, callers get its output", () => {
    expectTypeOf(count.resultType).toEqualTypeOf<{ words: string } | undefined>();
    count.handler(() => ({ words: 1 }));
    count.handler(async () => ({ words: 1 }));
    // @ts-expect-error: the result has no such member type
    count.handler(() => ({ words: "1" }));
    // @ts-expect-error: a result is missing
    count.handler(async () => {});
  });

  test("a handler may end in every other way instead of returning a result", () => {
    count.handler((_payload, job) => job.snooze("5m"));
    count.handler(async (payload, job) => {
      if (payload.from === 1) return job.rescheduleIn("1h");
      if (payload.from === 2) return job.throttle();
      return { words: 2 };
    });
    expectTypeOf<JobContext["discard"]>().returns.toEqualTypeOf<Ending>();
  });

  test("a typed unique.key sees the input type", () => {
    defineJob({
      name: "count",
      payload: z.object({ from: z.string().transform(Number) }),
      unique: {
        key: (payload) => {
          expectTypeOf(payload).toEqualTypeOf<{ from: string }>();
          return payload.from;
        },
        while: "unfinished",
        onConflict: "skip",
      },
    });
    count.request({ text: "", from: "1" }, { unique: { key: (payload) => payload.text } });
    // @ts-expect-error: the payload has no such member
    count.request({ text: "", from: "1" }, { unique: { key: (p: { no: 1 }) => p.no } });
  });

  test("an option of the wrong type or name is a compile error", () => {
    // @ts-expect-error: queue is text
    defineJob({ name: "count", queue: 7 });
    // @ts-expect-error: there is no such option
    defineJob({ name: "count", que: "a" });
    // @ts-expect-error: a payload is a schema
    defineJob({ name: "count", payload: { text: "string" } });
    // @ts-expect-error: a duration has a unit
    defineJob({ name: "count", timeout: "5" });
  });
});

describe("a definition without schemas", () => {
  test("takes explicit types", () => {
    const square = defineJob<{ a: string }, number>({ name: "square" });
    expectTypeOf(square).toEqualTypeOf<
      JobDefinition<{ a: string }, { a: string }, number, number>
    >();
    square.handler((payload) => payload.a.length);
    // @ts-expect-error: the result is a number
    square.handler((payload) => payload.a);
    defineJob<{ a: string }, void>({ name: "square" }).handler(async () => {});
  });

  test("with explicit types a typed unique.key sees them", () => {
    defineJob<{ a: string }>({ name: "square", unique: { key: (payload) => payload.a } });
    // @ts-expect-error: the payload has no such member
    defineJob<{ a: string }>({ name: "square", unique: { key: (payload: { b: 1 }) => payload.b } });
  });

  test("and without types takes and gives unknown", () => {
    const loose = defineJob({ name: "loose" });
    expectTypeOf(loose.request).parameter(0).toEqualTypeOf<unknown>();
    loose.handler((payload) => {
      expectTypeOf(payload).toEqualTypeOf<unknown>();
      return { any: "thing" };
    });
    expectTypeOf(loose.resultType).toEqualTypeOf<unknown>();
  });
});

describe("unique options", () => {
  test('onConflict "replace" without while: "waiting" is a compile error', () => {
    defineJob({ name: "a", unique: { key: "k", while: "waiting", onConflict: "replace" } });
    // @ts-expect-error: a started job cannot be rewritten
    defineJob({ name: "a", unique: { key: "k", onConflict: "replace" } });
    // @ts-expect-error: a started job cannot be rewritten
    defineJob({ name: "a", unique: { key: "k", while: "unfinished", onConflict: "replace" } });
    // @ts-expect-error: a started job cannot be rewritten
    count.request({ text: "", from: "" }, { unique: { key: "k", onConflict: "replace" } });
  });
});

describe("retry options", () => {
  test("the shorthands are checked", () => {
    defineJob({ name: "a", retry: "none" });
    defineJob({ name: "a", retry: { backoff: "fixed", delay: "10s", attempts: "unlimited" } });
    defineJob({ name: "a", retry: { backoff: (attempt) => attempt * 1_000, warnAttempts: null } });
    // @ts-expect-error: a fixed backoff needs its delay
    defineJob({ name: "a", retry: { backoff: "fixed" } });
    // @ts-expect-error: a delay goes with a fixed backoff
    defineJob({ name: "a", retry: { delay: "10s" } });
  });
});

describe("services", () => {
  interface WorkerOptions<Services> {
    readonly services: Services;
    readonly handlers: readonly JobHandler<NoInfer<Services>>[];
  }
  const start = <Services>(options: WorkerOptions<Services>): WorkerOptions<Services> => options;
  const mailer: Mailer = { send: async () => "id" };
  const plain = count.handler(() => ({ words: 1 }));
  const mailing = count.handler<{ mailer: Mailer }>(async (_payload, job) => {
    expectTypeOf(job.services.mailer).toEqualTypeOf<Mailer>();
    return { words: (await job.services.mailer.send("a")).length };
  });

  test("a handler that needs services is taken only by a worker that has them", () => {
    start({ services: { mailer, more: 1 }, handlers: [plain, mailing] });
    start({ services: {}, handlers: [plain] });
    // @ts-expect-error: the mailer is missing
    start({ services: {}, handlers: [plain, mailing] });
    // @ts-expect-error: the mailer is of the wrong kind
    start({ services: { mailer: "smtp://" }, handlers: [mailing] });
  });

  test("handlers of many kinds of jobs stand in one list", () => {
    const other = defineJob<number, string>({ name: "other" }).handler((payload) => `${payload}`);
    expectTypeOf([plain, other]).toExtend<readonly JobHandler[]>();
    expectTypeOf([plain, mailing, other]).not.toExtend<readonly JobHandler[]>();
  });
});

describe("job.transaction", () => {
  test("completes the job with its function's value, so the value is a result", () => {
    count.handler(async (_payload, job) => {
      const value = await job.transaction(async (tx) => {
        expectTypeOf(tx).toEqualTypeOf<Transaction>();
        return { words: 3 };
      });
      expectTypeOf(value).toEqualTypeOf<{ words: number }>();
      return value;
    });
    count.handler(async (_payload, job) => {
      // @ts-expect-error: the value is no result
      return await job.transaction(async () => ({ words: "3" }));
    });
  });

  test("of a job without a declared result takes any value", () => {
    defineJob({ name: "loose" }).handler(async (_payload, job) => {
      expectTypeOf(await job.transaction(async () => 7 as const)).toEqualTypeOf<7>();
    });
  });
});
