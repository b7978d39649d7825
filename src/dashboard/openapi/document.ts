import type { Route, Schema } from "../route.ts";
import { schemas } from "./schemas.ts";

const problems: Readonly<Record<string, string>> = {
  "400": "A parameter, the body or the filter is wrong.",
  "401": "Nobody is signed in.",
  "403": "Whoever asks may not do this, or a page of another origin asks.",
  "404": "There is no such thing.",
  "409": "What it is about is not in a state that allows it.",
  "413": "The body is too large.",
  "500": "The dashboard failed.",
  "503": "The database does not answer as it should.",
};

/** What the document is made of. */
export interface DocumentParts {
  readonly routes: readonly Route[];
  readonly version: string;
  readonly basePath: string;
}

/** The OpenAPI 3.1 document of the API, made from its routes. */
export function openapiDocument({ routes, version, basePath }: DocumentParts): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  const answers = Object.entries(problems).map(([status, description]) => [
    `Problem${status}`,
    { description, content: contentOf("application/problem+json", "Problem") },
  ]);
  return {
    openapi: "3.1.0",
    info: {
      title: "Holdfast dashboard",
      version,
      description:
        "What the dashboard's page asks. Who may ask what is up to the application: x-permission names what each operation needs.",
    },
    servers: [{ url: basePath === "" ? "/" : basePath }],
    paths,
    components: {
      schemas,
      responses: Object.fromEntries(answers) as Schema,
      securitySchemes: {
        action: {
          type: "apiKey",
          in: "header",
          name: "x-holdfast",
          description: "Any value; no page of another origin can send it.",
        },
      },
    },
  };
}

function operationOf(route: Route): Schema {
  const { method, path, permission, summary, body, answer } = route;
  const parameters = [...pathParameters(path), ...queryParameters(route)];
  const type = answer === "EventStream" ? "text/event-stream" : "application/json";
  const refused = Object.keys(problems).map((status) => [
    status,
    { $ref: `#/components/responses/Problem${status}` },
  ]);
  return {
    operationId: operationId(route),
    summary,
    tags: [path.split("/")[2] ?? ""],
    "x-permission": typeof permission === "string" ? [permission] : permission.anyOf,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(method === "GET" ? {} : { security: [{ action: [] }], requestBody: requestBody(body) }),
    responses: {
      "200": { description: "As asked.", content: contentOf(type, answer) },
      ...(Object.fromEntries(refused) as Schema),
    },
  };
}

/** `POST /api/jobs/:id/run-now` is `postJobsIdRunNow`. */
function operationId({ method, path }: Route): string {
  const [, , ...parts] = path.split(/[^A-Za-z0-9]+/);
  const words = parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1));
  return method.toLowerCase() + words.join("");
}

function pathParameters(path: string): readonly Schema[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}

function queryParameters({ query = {} }: Route): readonly Schema[] {
  return Object.entries(query).map(([name, { description, ...schema }]) => ({
    name,
    in: "query",
    description,
    schema,
  }));
}

function requestBody(schema: Schema = { type: "object", additionalProperties: false }): Schema {
  return { required: true, content: { "application/json": { schema } } };
}

function contentOf(type: string, name: string): Schema {
  return { [type]: { schema: { $ref: `#/components/schemas/${name}` } } };
}
