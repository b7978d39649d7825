import type { Client } from "../core/client.ts";
import type { Logger } from "../core/logger.ts";
import type { Permission } from "./access/permission.ts";
import type { Visitor } from "./access/visitor.ts";
import type { LiveHub } from "./live/live-hub.ts";
import type { Readings } from "./readings.ts";
import type { Redactor } from "./redact/redactor.ts";
import type { Environment } from "./wire/session.ts";

/** JSON Schema, as OpenAPI 3.1 has it. */
export type Schema = { readonly [keyword: string]: unknown };

/** What is the same for every call of a dashboard. */
export interface Site {
  /** For readings that all who look share; no request's trace. */
  readonly client: Client;
  readonly readings: Readings;
  /** All that is watched. */
  readonly live: LiveHub;
  /** The path everything is under, without a slash at its end. */
  readonly basePath: string;
  readonly readOnly: boolean;
  readonly environment: Environment | null;
  readonly database: "postgres" | "sqlite";
  /** The version of Holdfast; `"unknown"` where a bundler has left its manifest behind. */
  readonly version: string;
  readonly logger: Logger;
}

/** What a route is asked, when the caller is known to be allowed to ask it. */
export interface Call {
  /** The client for this request: what it enqueues is part of the request's trace. */
  readonly client: Client;
  readonly visitor: Visitor;
  /** Who it is and what they may now, for what goes on after the answer has begun; it fails as the first time could. */
  readonly visitorNow: () => Promise<Visitor>;
  readonly redactor: Redactor;
  readonly site: Site;
  /** Parts of the path, decoded: `{ id: "12" }`. */
  readonly params: Readonly<Record<string, string>>;
  /** Declared parameters are checked by their schemas; others are left alone. */
  readonly query: URLSearchParams;
  /** The JSON body of an action, checked by the route's schema; `undefined` for reads. */
  readonly body: unknown;
  /** What the caller sent with it, such as `last-event-id`. */
  readonly headers: Headers;
  /** Aborts when the caller goes away. */
  readonly signal: AbortSignal;
}

/** A demand that depends on the body: one of several permissions to be heard at all, and the one that the body asks for. */
export interface BodyDemand {
  readonly anyOf: readonly Permission[];
  /** What a body that fits the schema asks for: one of `anyOf`; left out where the handler finds out and demands it. */
  of?(body: unknown): Permission;
}

/** One thing the API does. The OpenAPI document, the checks of access and the tests are made from these. */
export interface Route {
  readonly method: "GET" | "POST";
  /** Below the base path: `/api/jobs/:id/cancel`. */
  readonly path: string;
  /** What the caller must be allowed to do. */
  readonly permission: Permission | BodyDemand;
  /** What it does, in a sentence. */
  readonly summary: string;
  /** Parameters of the query, by name: text, numbers or booleans. */
  readonly query?: Readonly<Record<string, Schema & { readonly description: string }>>;
  /** What the body must be; actions without one take `{}`. */
  readonly body?: Schema;
  /** What is answered: the name of a schema of the OpenAPI document. */
  readonly answer: string;
  /** Answers with what is sent as JSON (`{}` for nothing), or with a response of its own. */
  handle(call: Call): unknown;
}
