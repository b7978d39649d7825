import { expect, test } from "vitest";
import { applicationOf, type ApplicationOptions } from "./application.ts";

const read = (options: Partial<ApplicationOptions>, version?: string) =>
  applicationOf(
    { replicas: 1, healthPort: 1, ...options },
    { name: "@acme/shop", ...(version === undefined ? {} : { version }) },
    0,
  );

test("an image's tag is the package's version, as far as a tag can say it", () => {
  expect(read({}, "1.2.0-rc.1+build.7").image).toBe("shop:1.2.0-rc.1-build.7");
  expect(read({}).image).toBe("shop:latest");
});

test("variables come from secrets, unless a config map is named", () => {
  expect(read({ envFrom: ["a.b", "secret:c", "configmap:d", "configMap:e"] }).envFrom).toEqual([
    { secretRef: { name: "a.b" } },
    { secretRef: { name: "c" } },
    { configMapRef: { name: "d" } },
    { configMapRef: { name: "e" } },
  ]);
});

test.each<[Partial<ApplicationOptions>, string]>([
  [{ name: "x".repeat(43) }, "at most 42"],
  [{ name: "1st" }, "--name"],
  [{ namespace: "My Jobs" }, "--namespace takes"],
  [{ namespace: "a.b" }, "--namespace takes"],
  [{ namespace: "x".repeat(64) }, "at most 63"],
  [{ secret: "a_b" }, "--secret takes"],
  [{ secret: `${"x".repeat(126)}.${"x".repeat(127)}` }, "at most 253"],
  [{ envFrom: ["file:.env"] }, "secret:NAME or configmap:NAME"],
  [{ envFrom: ["secret:A"] }, "--env-from takes"],
  [{ envFrom: ["configmap:"] }, "--env-from takes"],
])("of %j it says: %s", (options, says) => {
  expect(() => read(options)).toThrow(says);
});
