import { describe, expectTypeOf, test } from "vitest";
import { defineKeyedJob } from "../../src/core/define-keyed-job.ts";
import { defineResidentJob } from "../../src/core/define-resident-job.ts";

describe("a resident job", () => {
  const sweeper = defineResidentJob<{ folder: string }>({ name: "sweeper" });

  test("has a handler that only reschedules", () => {
    sweeper.handler((payload, job) => {
      expectTypeOf(payload).toEqualTypeOf<{ folder: string }>();
      return job.rescheduleIn("1h");
    });
    sweeper.handler(async (_payload, job) => job.rescheduleNow());
    // @ts-expect-error: it returns a value
    sweeper.handler(() => "done");
    // @ts-expect-error: it returns nothing
    sweeper.handler(async () => {});
    sweeper.handler((_payload, job) => {
      expectTypeOf(job).not.toHaveProperty("transaction");
      expectTypeOf(job).not.toHaveProperty("setResult");
      expectTypeOf(job).not.toHaveProperty("snooze");
      expectTypeOf(job).not.toHaveProperty("throttle");
      expectTypeOf(job).not.toHaveProperty("cancel");
      expectTypeOf(job).not.toHaveProperty("discard");
      return job.rescheduleNow();
    });
  });

  test("has no batch handler, since it is the only one of its name", () => {
    expectTypeOf(sweeper).not.toHaveProperty("batchHandler");
  });

  test("is retried for ever and says nothing of unique", () => {
    // @ts-expect-error: attempts have no limit
    defineResidentJob({ name: "sweeper", retry: { attempts: 3 } });
    // @ts-expect-error: its name is its key
    defineResidentJob({ name: "sweeper", unique: { key: "k" } });
  });
});

test("a keyed job's key sees the payload, and stands in place of unique", () => {
  defineKeyedJob<{ a: string }>({
    name: "sync",
    key(payload) {
      expectTypeOf(payload).toEqualTypeOf<{ a: string }>();
      return payload.a;
    },
  });
  // @ts-expect-error: a keyed job has its key
  defineKeyedJob<{ a: string }>({ name: "sync", key: "k", unique: { key: "k" } });
});
