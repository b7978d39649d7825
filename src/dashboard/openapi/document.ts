import type { Route, Schema } from "../route.ts";

/** The OpenAPI document of the API, made from its routes. */
export function openapiDocument(routes: readonly Route[], version: string): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return { openapi: "3.1.0", info: { title: "Holdfast dashboard", version }, paths };
}

function operationOf({ summary, answer }: Route): Schema {
  return { summary, responses: { "200": { description: answer } } };
}
