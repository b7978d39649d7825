import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "vitest";
import { openapiDocument } from "../../src/dashboard/openapi/document.ts";
import { routes } from "../../src/dashboard/routes.ts";

const ajv = new Ajv2020({ strict: false, allErrors: true }).addSchema(
  openapiDocument({ routes, version: "1.0.0", basePath: "" }),
  "api",
);

const known = routes
  .map((route) => ({
    route,
    pattern: new RegExp(`^${route.path.replace(/:\w+/g, "[^/]+")}$`),
    parameters: route.path.split("/:").length,
  }))
  .toSorted((a, b) => a.parameters - b.parameters);

/** The route that a request goes to, as `GET /api/jobs/:id`. */
export function routeOf(method: string, pathname: string): string {
  return match(method, pathname).path;
}

/** Expects of an answer of the API that the OpenAPI document describes it. */
export function expectDescribed(method: string, url: string, status: number, body: unknown): void {
  const name = status === 200 ? match(method, new URL(url, "http://a").pathname).answer : "Problem";
  const check = ajv.getSchema(`api#/components/schemas/${name}`);
  if (check === undefined) expect.fail(`the document has no schema ${name}`);
  if (check(body) !== true) {
    const faults = check.errors?.map(({ instancePath, message, params }) => {
      return `${instancePath} ${message} ${JSON.stringify(params)}`;
    });
    expect.fail(`${method} ${url} (${status}) is no ${name}: ${faults?.join("; ")}`);
  }
}

function match(method: string, pathname: string) {
  const found = known.find(
    ({ route, pattern }) => route.method === method && pattern.test(pathname),
  );
  if (found === undefined) return expect.fail(`the API has no route ${method} ${pathname}`);
  return found.route;
}
