import { expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { defineJob } from "./define-job.ts";
import { createRegistry } from "./registry.ts";

test("two definitions with one name are refused; the same one again is fine", () => {
  const registry = createRegistry();
  const first = defineJob({ name: "report" });
  registry.add(first);
  registry.add(first);
  registry.add(defineJob({ name: "other" }));
  expect(() => registry.add(defineJob({ name: "report" }))).toThrow(
    coded("DUPLICATE_DEFINITION", '"report"'),
  );
});
