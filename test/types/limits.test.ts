import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import type { Client } from "../../src/core/client.ts";
import { defineJob } from "../../src/core/define-job.ts";
import { defineKeyedJob } from "../../src/core/define-keyed-job.ts";
import { defineResidentJob } from "../../src/core/define-resident-job.ts";
import type { RateGrant } from "../../src/core/limits-client.ts";

declare const client: Client;

interface Mail {
  readonly tenant: string;
  readonly size: number;
}

describe("limits and lanes of a definition", () => {
  test("see the stored input", () => {
    defineJob({
      name: "mail",
      payload: z.object({ tenant: z.string(), at: z.string().transform(Date.parse) }),
      lane: (payload) => {
        expectTypeOf(payload).toEqualTypeOf<{ tenant: string; at: string }>();
        return payload.tenant;
      },
      limits: [
        { concurrent: 5 },
        {
          scope: "api",
          rate: "100/1m",
          by: (payload) => {
            expectTypeOf(payload).toEqualTypeOf<{ tenant: string; at: string }>();
            return payload.tenant;
          },
        },
      ],
    });
    defineJob<Mail>({ name: "mail", limits: [{ concurrent: 1, by: (p) => p.tenant }] });
    const byTeam = (payload: { team: string }): string => payload.team;
    // @ts-expect-error: the payload has no such member
    defineJob<Mail>({ name: "mail", limits: [{ concurrent: 1, by: byTeam }] });
    // @ts-expect-error: a key is text
    defineJob<Mail>({ name: "mail", limits: [{ concurrent: 1, by: (p) => p.size }] });
    // @ts-expect-error: a lane is text
    defineJob<Mail>({ name: "mail", lane: (p) => p.size });
  });

  test("allow something, in words there are", () => {
    defineJob({ name: "mail", limits: [{ concurrent: 2, rate: "5/1s", weight: 2 }] });
    // @ts-expect-error: a limit needs concurrent or rate
    defineJob({ name: "mail", limits: [{ scope: "api" }] });
    // @ts-expect-error: a rate is text
    defineJob({ name: "mail", limits: [{ rate: 100 }] });
    // @ts-expect-error: a rate says per how long
    defineJob({ name: "mail", limits: [{ rate: "100" }] });
    // @ts-expect-error: there is no such option
    defineJob({ name: "mail", limits: [{ concurrent: 1, max: 2 }] });
  });

  test("of keyed and resident jobs are limits only", () => {
    defineKeyedJob({ name: "sync", key: "k", limits: [{ concurrent: 1 }] });
    defineResidentJob({ name: "sweep", limits: [{ concurrent: 1 }] });
    // @ts-expect-error: one per key is alive already
    defineKeyedJob({ name: "sync", key: "k", lane: () => "a" });
    // @ts-expect-error: there is one of it
    defineResidentJob({ name: "sweep", lane: () => "a" });
  });
});

test("client.limits takes limits by name, and gives them as text", async () => {
  await client.limits.declare({ api: { rate: "100/1m" }, disk: { concurrent: 2 } });
  await client.limits.update("api", { rate: null });
  // @ts-expect-error: it allows nothing
  await client.limits.declare({ api: {} });
  // @ts-expect-error: a key belongs to a definition
  await client.limits.declare({ api: { concurrent: 1, by: () => "a" } });
  const [limit] = await client.limits.list();
  expectTypeOf(limit?.rate).toEqualTypeOf<string | null | undefined>();
});

test("a turn that was not granted says when to come back", () => {
  defineJob<string, void>({ name: "mail" }).handler(async (_, job) => {
    const turn = await job.rateLimit.acquire("api", { by: "tenant", weight: 2 });
    expectTypeOf(turn).toEqualTypeOf<RateGrant>();
    if (!turn.granted) return job.throttle(turn.retryAfter);
    expectTypeOf(turn).toEqualTypeOf<{ readonly granted: true }>();
    return job.rateLimit.drain("api", { for: "30s" });
  });
});
