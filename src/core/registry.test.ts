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

test("a definition is found by its name until it is removed", () => {
  const registry = createRegistry();
  const report = defineJob({ name: "report" });
  expect(registry.find("report")).toBeUndefined();
  registry.add(report);
  expect(registry.find("report")).toBe(report);
  registry.remove(defineJob({ name: "report" }));
  expect(registry.find("report"), "another one of its name was removed").toBe(report);
  registry.remove(report);
  expect(registry.find("report")).toBeUndefined();
});
