import { describe, expect, test } from "vitest";
import { z } from "zod";
import { coded } from "../../test/support/coded.ts";
import { defaultRetryPolicy } from "./defaults.ts";
import { defineJob } from "./define-job.ts";
import { newJob, newNamedJob } from "./new-job.ts";

const now = 1_000_000;

describe("a new job", () => {
  test("takes the defaults where neither definition nor enqueue say anything", async () => {
    expect(await newJob(defineJob({ name: "report" }), { a: 1 }, {}, now)).toEqual({
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
    expect(await newJob(definition, { id: "x" }, { tags: ["b"] }, now)).toMatchObject({
      version: 3,
      queue: "slow",
      priority: 7,
      policy: { attempts: 1 },
      unique: { key: "x", onConflict: "skip" },
      tags: ["a", "b"],
    });
    const options = { queue: "fast", priority: 0, delay: "1s", unique: { key: "other" } } as const;
    expect(await newJob(definition, { id: "x" }, options, now)).toMatchObject({
      queue: "fast",
      priority: 0,
      runAt: now + 1_000,
      unique: { key: "other" },
    });
  });

  test("unique: null switches the definition's rule off for one job", async () => {
    const definition = defineJob({ name: "report", unique: { key: "one" } });
    expect((await newJob(definition, {}, { unique: null }, now)).unique).toBeNull();
  });
});

describe("payload", () => {
  const definition = defineJob({
    name: "report",
    payload: z.object({ count: z.string().transform(Number).default(7) }),
    unique: { key: (payload) => [payload.count ?? "none"] },
  });

  test("the input is stored, not the schema's output, and the unique key sees the input", async () => {
    expect(await newJob(definition, { count: "12" }, {}, now)).toMatchObject({
      payload: '{"count":"12"}',
      unique: { key: '["12"]' },
    });
    expect(await newJob(definition, {}, {}, now)).toMatchObject({
      payload: "{}",
      unique: { key: '["none"]' },
    });
  });

  test("invalid at enqueue is PAYLOAD_INVALID by path", async () => {
    await expect(newJob(definition, { count: 12 }, {}, now)).rejects.toThrow(
      coded("PAYLOAD_INVALID", "The payload of report is invalid: count:"),
    );
  });

  test("what JSON cannot say is PAYLOAD_INVALID by path, and too much of it PAYLOAD_TOO_LARGE", async () => {
    const loose = defineJob({ name: "loose" });
    await expect(newJob(loose, { at: [new Date(0)] }, {}, now)).rejects.toThrow(
      coded("PAYLOAD_INVALID", "The payload at at[0] is invalid"),
    );
    await expect(newJob(loose, "x".repeat(1_048_575), {}, now)).rejects.toThrow(
      coded("PAYLOAD_TOO_LARGE", "the limit is 1048576"),
    );
  });

  test("wrong options are refused before the payload is looked at", async () => {
    await expect(newJob(definition, { count: 12 }, { priority: 10 }, now)).rejects.toThrow(
      coded("INVALID_OPTION", "priority"),
    );
  });
});

describe("a job known by name only", () => {
  test("takes any JSON payload, the defaults and the enqueue's options", () => {
    const options = { queue: "emails", unique: { key: "k" }, tags: ["t"] };
    expect(newNamedJob("send", undefined, options, now)).toMatchObject({
      name: "send",
      version: 1,
      queue: "emails",
      priority: 5,
      payload: "null",
      policy: defaultRetryPolicy,
      unique: { key: "k" },
      tags: ["t"],
    });
    expect(newNamedJob("send", 1, { unique: null }, now).unique).toBeNull();
  });

  test.each(["", "a\u0000", "x".repeat(256)])(
    "refuses a name no job can have (case %#)",
    (name) => {
      expect(() => newNamedJob(name, {}, {}, now)).toThrow(coded("INVALID_OPTION", "name must be"));
    },
  );

  test("refuses wrong options", () => {
    expect(() => newNamedJob("send", {}, { priority: 10 }, now)).toThrow(coded("INVALID_OPTION"));
  });
});
