import type { MiddlewareHandler } from "hono";
import type { Client } from "../../core/client.ts";
import type { Caller } from "../../http/caller.ts";
import { requestClient } from "../../http/request-client.ts";
import type { WebHandler } from "./web-handler.ts";

/** What the middleware adds to a Hono application's `Env`. */
export interface HoldfastEnv {
  Variables: {
    /** The client for this request. */
    holdfast: Client;
  };
}

/** The context of a request as far as it is needed here: Hono's of any version 4. */
export interface HonoContext {
  /** What the server gave along: `@hono/node-server` the request it got. */
  readonly env: unknown;
  readonly req: { readonly raw: Request; arrayBuffer(): Promise<ArrayBuffer> };
  set(key: "holdfast", value: Client): void;
}

/** An application of Hono, of any version 4. */
export interface HonoApp {
  all(path: string, handler: (c: HonoContext) => Promise<Response>): unknown;
}

/** Middleware of Hono: of the version that holdfast has itself with all types, and of any other. */
export type HonoMiddleware = ((c: HonoContext, next: () => Promise<void>) => Promise<void>) &
  MiddlewareHandler<HoldfastEnv>;

/**
 * Middleware for Hono that gives each request a client of its own, as `c.var.holdfast`: its jobs are part of the request's trace.
 *
 * @example
 * ```ts
 * import { Hono } from "hono";
 * import { holdfast } from "holdfast/hono";
 *
 * const app = new Hono().use(holdfast(client)).post("/users", async (c) => {
 *   const { id } = await c.var.holdfast.enqueue(sendWelcome, await c.req.json());
 *   return c.json({ id }, 202);
 * });
 * ```
 */
export function holdfast(client: Client): HonoMiddleware {
  return async (c: HonoContext, next: () => Promise<void>) => {
    c.set("holdfast", requestClient(client, c.req.raw));
    await next();
  };
}

/**
 * Lets a handler of web requests answer everything at and under a path of a Hono application. It sees whole paths, so tell it where it is,
 * and on `@hono/node-server` the caller's address.
 *
 * @example
 * ```ts
 * import { Hono } from "hono";
 * import { mount } from "holdfast/hono";
 *
 * mount(new Hono(), "/internal", createHealthHandler({ client, worker, path: "/internal" }));
 * ```
 */
export function mount(app: HonoApp, path: string, handler: WebHandler): void {
  app.all(`${path}/*`, async (c) => handler(await unread(c), callerOf(c)));
}

/** The request as it came, also when middleware has read its body. */
async function unread({ req }: HonoContext): Promise<Request> {
  const { raw } = req;
  if (!raw.bodyUsed) return raw;
  const { url, method, headers, signal } = raw;
  return new Request(url, { method, headers, signal, body: await req.arrayBuffer() });
}

function callerOf({ env }: HonoContext): Caller {
  const { incoming } = (env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } };
  return { remoteAddress: incoming?.socket?.remoteAddress };
}
