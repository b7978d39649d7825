import { describe, expect, test } from "vitest";
import { z } from "zod";
import { coded } from "../../test/support/coded.ts";
import { defaultRetryPolicy } from "./defaults.ts";
import { defineJob } from "./define-job.ts";

describe("defineJob", () => {
  test("gives a frozen description with the defaults of what was left out", () => {
    const definition = defineJob({ name: "report" });
    expect(definition).toMatchObject({
      name: "report",
      version: 1,
      policy: defaultRetryPolicy,
      tags: [],
    });
    const unsaid = [
      definition.payload,
      definition.queue,
      definition.unique,
      definition.backoff,
      definition.upgrade,
    ];
    expect(unsaid).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(Object.isFrozen(definition)).toBe(true);
  });

  test("keeps what was said", () => {
    const payload = z.object({ id: z.string() });
    const result = z.number();
    const upgrade = (old: unknown) => old;
    const backoff = () => "1s" as const;
    const unique = { key: "k" };
    const definition = defineJob({
      name: "report",
      payload,
      result,
      version: { number: 2, upgrade },
      queue: "slow",
      priority: 0,
      timeout: "none",
      retry: { attempts: 3, backoff },
      unique,
      tags: ["a"],
    });
    expect(definition).toMatchObject({ version: 2, queue: "slow", priority: 0, tags: ["a"] });
    expect(definition.policy).toEqual({ ...defaultRetryPolicy, attempts: 3, timeoutMs: null });
    expect([definition.payload, definition.result]).toEqual([payload, result]);
    expect([definition.upgrade, definition.backoff]).toEqual([upgrade, backoff]);
    expect(definition.unique).toBe(unique);
  });

  test("a schema may be a function, as some libraries make them", () => {
    const schema = Object.assign(() => {}, { "~standard": z.string()["~standard"] });
    expect(defineJob({ name: "report", payload: schema }).payload).toBe(schema);
  });

  test("handler binds a function to the definition, request a payload and options", () => {
    const definition = defineJob({ name: "report" });
    const run = () => 1;
    expect(definition.handler(run)).toEqual({ definition, run });
    expect(definition.request({ a: 1 })).toEqual({ definition, payload: { a: 1 }, options: {} });
    const options = { delay: "1m" } as const;
    expect(definition.request(1, options)).toEqual({ definition, payload: 1, options });
  });

  test.each<readonly [unknown, string]>([
    [undefined, "defineJob takes an object of options"],
    ["report", "defineJob takes an object of options"],
    [{}, "defineJob needs a name"],
    [{ name: "" }, "name must be"],
    [{ name: "a\u0000b" }, "name must be"],
    [{ name: "a", handler: () => {} }, 'defineJob has no option "handler"'],
    [{ name: "a", payload: {} }, "payload must be a schema"],
    [{ name: "a", payload: "string" }, "payload must be a schema"],
    [{ name: "a", result: null }, "result must be a schema"],
    [{ name: "a", version: 2 }, "version must be an object"],
    [{ name: "a", version: {} }, "version needs a number"],
    [{ name: "a", version: { number: 0 } }, "number must be a whole number from 1"],
    [{ name: "a", version: { number: 2 ** 31 } }, "number must be a whole number from 1"],
    [{ name: "a", version: { number: 2, upgrade: {} } }, "upgrade must be a function"],
    [{ name: "a", queue: "" }, "queue must be"],
    [{ name: "a", priority: 10 }, "priority must be"],
    [{ name: "a", timeout: "soon" }, "timeout must be a duration"],
    [{ name: "a", retry: "never" }, 'retry must be "none" or an object'],
    [{ name: "a", retry: { attempts: 0 } }, "attempts must be"],
    [{ name: "a", unique: "k" }, "unique must be an object"],
    [{ name: "a", unique: {} }, "unique needs a key"],
    [{ name: "a", tags: ["x".repeat(256)] }, "tags must be"],
  ])("refuses what is wrong, by name (case %#)", (options, says) => {
    expect(() => defineJob(options as { name: string })).toThrow(coded("INVALID_OPTION", says));
  });
});
