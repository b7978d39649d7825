import type { Client } from "../core/client.ts";
import type { Permission } from "./access/permission.ts";
import type { Visitor } from "./access/visitor.ts";
import type { Redactor } from "./redact/redactor.ts";

/** JSON Schema, as OpenAPI 3.1 has it. */
export type Schema = { readonly [keyword: string]: unknown };

/** What a route is asked, when the caller is known to be allowed to ask it. */
export interface Call {
  readonly client: Client;
  readonly visitor: Visitor;
  readonly redactor: Redactor;
  /** Parts of the path, decoded: `{ id: "12" }`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The JSON body of an action, checked by the route's schema; `undefined` for reads. */
  readonly body: unknown;
  /** What the caller sent with it, such as `last-event-id`. */
  readonly headers: Headers;
  /** Aborts when the caller goes away. */
  readonly signal: AbortSignal;
}

/** One thing the API does. The OpenAPI document, the checks of access and the tests are made from these. */
export interface Route {
  readonly method: "GET" | "POST";
  /** Below the base path: `/api/jobs/:id/cancel`. */
  readonly path: string;
  /** What the caller must be allowed to do; a list of which the handler demands one more when that depends on the body. */
  readonly permission: Permission;
  /** What it does, in a sentence. */
  readonly summary: string;
  /** Parameters of the query, by name. */
  readonly query?: Readonly<Record<string, Schema & { readonly description: string }>>;
  /** What the body must be; actions without one take `{}`. */
  readonly body?: Schema;
  /** What is answered: the name of a schema of the OpenAPI document. */
  readonly answer: string;
  /** Answers with what is sent as JSON, or with a response of its own. */
  handle(call: Call): unknown;
}
