import type { Context, Env, Hono, MiddlewareHandler, Schema } from "hono";
import type { Client } from "../../core/client.ts";
import { requestClient } from "../../http/request-client.ts";
import type { WebHandler } from "./web-handler.ts";

/** What the middleware adds to a Hono application's `Env`. */
export interface HoldfastEnv {
  Variables: {
    /** The client for this request. */
    holdfast: Client;
  };
}

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
export function holdfast(client: Client): MiddlewareHandler<HoldfastEnv> {
  return async (c, next) => {
    c.set("holdfast", requestClient(client, c.req.raw));
    await next();
  };
}

/**
 * Lets a handler of web requests answer everything at and under a path of a Hono application. It sees whole paths, so tell it where it is.
 *
 * @example
 * ```ts
 * import { Hono } from "hono";
 * import { mount } from "holdfast/hono";
 *
 * mount(new Hono(), "/internal", createHealthHandler({ client, worker, path: "/internal" }));
 * ```
 */
export function mount<E extends Env, S extends Schema, Base extends string>(
  app: Hono<E, S, Base>,
  path: string,
  handler: WebHandler,
): void {
  app.all(`${path}/*`, async (c) => handler(await unread(c)));
}

/** The request as it came, also when middleware has read its body. */
async function unread({ req }: Context): Promise<Request> {
  const { raw } = req;
  if (!raw.bodyUsed) return raw;
  const { url, method, headers, signal } = raw;
  return new Request(url, { method, headers, signal, body: await req.arrayBuffer() });
}
