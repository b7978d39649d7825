import { type Client, defineJob, type JobContext, type Tick } from "holdfast";
import { describe, expectTypeOf, test } from "vitest";

declare const client: Client;

const greet = defineJob<{ name: string }>({ name: "greet" });
const count = defineJob<number>({ name: "count" });

describe("client.schedules", () => {
  test("apply takes each schedule with the payload of its own job", () => {
    void client.schedules.apply([
      { name: "a", cron: "0 8 * * *", job: greet, payload: { name: "Ada" } },
      { name: "b", every: "15m", job: count, payload: 5 },
      { name: "c", every: "1h", job: "by-name", payload: { any: "thing" } },
      { name: "d", every: "1h", job: "by-name" },
    ]);
    // @ts-expect-error the payload is another job's
    void client.schedules.apply([{ name: "a", every: "1h", job: greet, payload: 5 }]);
    // @ts-expect-error the payload is missing
    void client.schedules.apply([{ name: "a", every: "1h", job: greet }]);
    // @ts-expect-error there is no such policy
    void client.schedules.apply([{ name: "a", every: "1h", job: "b", missed: "never" }]);
  });

  test("upsert takes one", () => {
    void client.schedules.upsert({ name: "a", every: "15m", job: count, payload: 5 });
    // @ts-expect-error the payload is another job's
    void client.schedules.upsert({ name: "a", every: "15m", job: count, payload: "5" });
    // @ts-expect-error delays are the schedule's
    void client.schedules.upsert({ name: "a", every: "15m", job: "b", options: { delay: "1h" } });
  });
});

test("a handler may be of no tick", () => {
  expectTypeOf<JobContext["tick"]>().toEqualTypeOf<Tick | undefined>();
});
