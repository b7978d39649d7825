import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, test } from "vitest";
import { routes } from "../routes.ts";
import { faultOf } from "../check-json.ts";
import type { Schema } from "../route.ts";
import { openapiDocument } from "./document.ts";
import { schemas } from "./schemas.ts";

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: object;
  readonly "x-permission": readonly string[];
}

const document = openapiDocument({ routes, version: "1.0.0", basePath: "/jobs" });
const paths = document["paths"] as Readonly<Record<string, Readonly<Record<string, Operation>>>>;
const operations = Object.entries(paths).flatMap(([path, ways]) =>
  Object.entries(ways).map(([method, operation]) => ({ path, method, operation })),
);

function namesIn(value: unknown): readonly string[] {
  const found = JSON.stringify(value).matchAll(/"#\/components\/schemas\/(\w+)"/g);
  return [...found].map(([, name = ""]) => name);
}

describe("the OpenAPI document", () => {
  test("is valid", async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  test("has every route, and nothing else", () => {
    const told = operations.map(
      ({ path, method }) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`,
    );
    expect(told.toSorted()).toEqual(
      routes.map(({ method, path }) => `${method} ${path}`).toSorted(),
    );
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(
      told.length,
    );
  });

  test.each(operations)("describes $method $path in full", ({ path, method, operation }) => {
    const route = routes.find(
      (each) =>
        each.path === path.replace(/\{(\w+)\}/g, ":$1") && each.method === method.toUpperCase(),
    );
    const parameters = operation.parameters ?? [];
    const namesOf = (place: string) =>
      parameters.filter((each) => each.in === place).map(({ name }) => name);
    expect(namesOf("query")).toEqual(Object.keys(route?.query ?? {}));
    expect(namesOf("path")).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    expect(operation.requestBody === undefined).toBe(method === "get");
    expect(operation["x-permission"]).not.toEqual([]);
    expect(Object.keys(schemas)).toContain(route?.answer);
    expect(route?.summary).toMatch(/^[A-Z].*\.$/);
  });

  test("refers to schemas that are there, and has none that nothing refers to", () => {
    const referred = new Set(namesIn(document));
    expect([...referred].filter((name) => !Object.hasOwn(schemas, name))).toEqual([]);
    const awaited = ["JobValues"];
    const unused = Object.keys(schemas).filter((name) => !referred.has(name));
    expect(unused.filter((name) => !awaited.includes(name))).toEqual([]);
  });
});

/** Every schema within one, so that each is tried. */
function within(schema: Schema): readonly Schema[] {
  const { properties = {}, items, additionalProperties } = schema;
  const below = [...Object.values<unknown>(properties as Schema), items, additionalProperties];
  const deeper = below.filter((each): each is Schema => typeof each === "object");
  return [schema, ...deeper.flatMap(within)];
}

test.each(routes.filter(({ body, query }) => body ?? query))(
  "what $method $path takes is checked by keywords that are known",
  ({ body = {}, query = {} }) => {
    for (const schema of [body, ...Object.values(query)].flatMap(within)) {
      // Whether it fits does not matter: an unknown keyword throws.
      for (const value of [{}, [], "", 0, null]) faultOf(schema, value, "it");
    }
  },
);
