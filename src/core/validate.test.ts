import type { StandardSchemaV1 } from "@standard-schema/spec";
import { expect, test } from "vitest";
import { z } from "zod";
import { coded } from "../../test/support/coded.ts";
import { validate } from "./validate.ts";

async function check(rules: StandardSchemaV1 | undefined, value: unknown): Promise<unknown> {
  return validate(rules, value, "payload of report", "PAYLOAD_INVALID");
}

function schema(answer: StandardSchemaV1.Result<unknown>, later = false): StandardSchemaV1 {
  const validateValue = () => (later ? Promise.resolve(answer) : answer);
  return { "~standard": { version: 1, vendor: "test", validate: validateValue } };
}

test("without a schema the value is its own output", async () => {
  const value = { a: 1 };
  expect(await check(undefined, value)).toBe(value);
});

test("with a schema the output is the schema's, transforms applied, at once or later", async () => {
  expect(await check(z.string().transform(Number), "7")).toBe(7);
  expect(validate(z.string(), "7", "result", "RESULT_INVALID"), "no promise").toBe("7");
  expect(
    await check(
      z.string().refine(async () => true),
      "7",
    ),
  ).toBe("7");
  expect(await check(schema({ value: 1 }, true), 0)).toBe(1);
});

test("an invalid value is refused with every issue by path, in the code asked for", async () => {
  const order = z.object({
    items: z.array(z.object({ "unit price": z.number() })),
    note: z.string(),
  });
  const refusal = check(order, { items: [{ "unit price": "1" }] });
  await expect(refusal).rejects.toThrow(
    coded("PAYLOAD_INVALID", "The payload of report is invalid"),
  );
  await expect(refusal).rejects.toMatchObject({
    details: { issues: [{ path: 'items[0]["unit price"]' }, { path: "note" }] },
  });
  expect(() => validate(z.string(), 1, "result", "RESULT_INVALID")).toThrow(
    coded("RESULT_INVALID", "The result is invalid: (top): "),
  );
});

test("issues may come later, and their steps may be keys or objects with a key", async () => {
  const issues = [
    { message: "odd", path: ["a", { key: 0 }, { key: Symbol("s") }] },
    { message: "all" },
  ];
  await expect(check(schema({ issues }, true), 0)).rejects.toMatchObject({
    message: "The payload of report is invalid: a[0][Symbol(s)]: odd; (top): all.",
    details: {
      issues: [
        { path: "a[0][Symbol(s)]", message: "odd" },
        { path: "", message: "all" },
      ],
    },
  });
});
