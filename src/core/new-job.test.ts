import { describe, expect, test } from "vitest";
import { z } from "zod";
import { coded } from "../../test/support/coded.ts";
import { defaultRetryPolicy } from "./defaults.ts";
import { defineJob } from "./define-job.ts";
import { defineKeyedJob } from "./define-keyed-job.ts";
import { defineResidentJob } from "./define-resident-job.ts";
import type { EnqueueOptions } from "./enqueue-options.ts";
import type { AnyJobDefinition } from "./job-request.ts";
import { type NewJob, newJob, planJobs, planNamedJobs } from "./new-job.ts";

const now = 1_000_000;

async function make(
  definition: AnyJobDefinition,
  input: unknown,
  options: EnqueueOptions<never>,
): Promise<NewJob> {
  return newJob(planJobs(definition, options), input, now);
}

function makeNamed(name: string, input: unknown, options: EnqueueOptions<never>): NewJob {
  return newJob(planNamedJobs(name, options), input, now) as NewJob;
}

describe("a new job", () => {
  test("takes the defaults where neither definition nor enqueue say anything", async () => {
    expect(await make(defineJob({ name: "report" }), { a: 1 }, {})).toEqual({
      name: "report",
      version: 1,
      queue: "default",
      priority: 5,
      payload: '{"a":1}',
      createdAt: now,
      runAt: now,
      policy: defaultRetryPolicy,
      unique: null,
      tags: [],
    });
  });

  test("takes the definition's settings, and the enqueue's over them; tags add up", async () => {
    const definition = defineJob<{ id: string }>({
      name: "report",
      version: { number: 3 },
      queue: "slow",
      priority: 7,
      retry: "none",
      unique: { key: (payload) => payload.id },
      tags: ["a"],
    });
    expect(await make(definition, { id: "x" }, { tags: ["b"] })).toMatchObject({
      version: 3,
      queue: "slow",
      priority: 7,
      policy: { attempts: 1 },
      unique: { key: "x", onConflict: "skip" },
      tags: ["a", "b"],
    });
    const options = { queue: "fast", priority: 0, delay: "1s", unique: { key: "other" } } as const;
    expect(await make(definition, { id: "x" }, options)).toMatchObject({
      queue: "fast",
      priority: 0,
      runAt: now + 1_000,
      unique: { key: "other" },
    });
  });

  test("has the key of its request, and how long that counts", async () => {
    const definition = defineJob({ name: "report" });
    const kept = { key: "r", keep: "1h" } as const;
    expect(await make(definition, {}, { idempotencyKey: kept })).toMatchObject({
      idempotency: { key: "r", keptMs: 3_600_000 },
    });
  });

  test("unique: null switches the definition's rule off for one job", async () => {
    const definition = defineJob({ name: "report", unique: { key: "one" } });
    expect((await make(definition, {}, { unique: null })).unique).toBeNull();
  });
});

describe("payload", () => {
  const definition = defineJob({
    name: "report",
    payload: z.object({ count: z.string().transform(Number).default(7) }),
    unique: { key: (payload) => [payload.count ?? "none"] },
  });

  test("the input is stored, not the schema's output, and the unique key sees the input", async () => {
    expect(await make(definition, { count: "12" }, {})).toMatchObject({
      payload: '{"count":"12"}',
      unique: { key: '["12"]' },
    });
    expect(await make(definition, {}, {})).toMatchObject({
      payload: "{}",
      unique: { key: '["none"]' },
    });
  });

  test("is checked at once, unless its schema is asynchronous", async () => {
    expect(newJob(planJobs(definition, {}), { count: "12" }, now)).toMatchObject({ runAt: now });
    const slow = defineJob({
      name: "slow",
      payload: z.string().refine(async (text) => text !== ""),
    });
    const built = newJob(planJobs(slow, {}), "a", now);
    expect(built).toBeInstanceOf(Promise);
    expect(await built).toMatchObject({ payload: '"a"' });
    await expect(newJob(planJobs(slow, {}), "", now)).rejects.toThrow(coded("PAYLOAD_INVALID"));
  });

  test("has the gates its definition names, and the enqueue's lane over the definition's", async () => {
    const tenant = (payload: { tenant: string }) => payload.tenant;
    const gated = defineJob<{ tenant: string }>({
      name: "gated",
      lane: tenant,
      limits: [{ concurrent: 2, weight: 2 }],
    });
    const limit = { gate: "limit:gated", weight: 2 };
    expect((await make(gated, { tenant: "a" }, {})).gates).toEqual([
      { gate: "lane:a", weight: 1 },
      limit,
    ]);
    expect((await make(gated, { tenant: "a" }, { lane: "b" })).gates).toEqual([
      { gate: "lane:b", weight: 1 },
      limit,
    ]);
    expect(makeNamed("send", {}, { lane: "b" }).gates).toEqual([{ gate: "lane:b", weight: 1 }]);
    await expect(make(gated, { tenant: "" }, {})).rejects.toThrow(coded("INVALID_OPTION", "lane"));
    expect(makeNamed("send", {}, {})).not.toHaveProperty("gates");
  });

  test.each([
    defineKeyedJob<null>({ name: "keyed", key: "k", limits: [{ concurrent: 1 }] }),
    defineResidentJob<null>({ name: "resident", limits: [{ rate: "1/1s" }] }),
  ])("of a kind that has its own key has limits but no lane (case %#)", async (kind) => {
    const { gates } = await make(kind, null, {});
    expect(gates).toEqual([{ gate: `limit:${kind.name}`, weight: 1 }]);
    await expect(make(kind, null, { lane: "a" })).rejects.toThrow(coded("INVALID_OPTION", "lane"));
  });

  test("invalid at enqueue is PAYLOAD_INVALID by path", async () => {
    await expect(make(definition, { count: 12 }, {})).rejects.toThrow(
      coded("PAYLOAD_INVALID", "The payload of report is invalid: count:"),
    );
  });

  test("what JSON cannot say is PAYLOAD_INVALID by path, and too much of it PAYLOAD_TOO_LARGE", async () => {
    const loose = defineJob({ name: "loose" });
    await expect(make(loose, { at: [new Date(0)] }, {})).rejects.toThrow(
      coded("PAYLOAD_INVALID", "The payload at at[0] is invalid"),
    );
    await expect(make(loose, "x".repeat(1_048_575), {})).rejects.toThrow(
      coded("PAYLOAD_TOO_LARGE", "the limit is 1048576"),
    );
  });

  test("wrong options are refused before the payload is looked at", async () => {
    await expect(make(definition, { count: 12 }, { priority: 10 })).rejects.toThrow(
      coded("INVALID_OPTION", "priority"),
    );
  });
});

describe("a job known by name only", () => {
  test("takes any JSON payload, the defaults and the enqueue's options", () => {
    const options = { queue: "emails", unique: { key: "k" }, tags: ["t"] };
    expect(makeNamed("send", undefined, options)).toMatchObject({
      name: "send",
      version: 1,
      queue: "emails",
      priority: 5,
      payload: "null",
      policy: defaultRetryPolicy,
      unique: { key: "k" },
      tags: ["t"],
    });
    expect(makeNamed("send", 1, { unique: null }).unique).toBeNull();
  });

  test.each(["", "a\u0000", "x".repeat(256)])(
    "refuses a name no job can have (case %#)",
    (name) => {
      expect(() => makeNamed(name, {}, {})).toThrow(coded("INVALID_OPTION", "name must be"));
    },
  );

  test("refuses wrong options", () => {
    expect(() => makeNamed("send", {}, { priority: 10 })).toThrow(coded("INVALID_OPTION"));
  });
});
