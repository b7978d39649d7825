import type { IncomingMessage, ServerResponse } from "node:http";
import type { Client } from "../../core/client.ts";
import { callerOf, type Told, toRequest, writeResponse } from "../../http/node-exchange.ts";
import { requestClient } from "../../http/request-client.ts";
import type { WebHandler } from "./web-handler.ts";

declare global {
  namespace Express {
    interface Request {
      /** The client for this request; there once `holdfast(client)` of `holdfast/express` is used. */
      holdfast: Client;
    }
  }
}

/** Middleware as Express takes it. */
export type ExpressMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void | Promise<void>;

/** An application or router of Express. */
export interface ExpressRouter {
  use(path: string, middleware: ExpressMiddleware): unknown;
}

/**
 * Middleware for Express that gives each request a client of its own, as `req.holdfast`: its jobs are part of the request's trace.
 *
 * @example
 * ```ts
 * import express from "express";
 * import { holdfast } from "holdfast/express";
 *
 * const app = express();
 * app.use(express.json(), holdfast(client));
 * app.post("/users", async (req, res) => {
 *   const { id } = await req.holdfast.enqueue(sendWelcome, req.body);
 *   res.status(202).json({ id });
 * });
 * ```
 */
export function holdfast(client: Client): ExpressMiddleware {
  return (request, _response, next) => {
    Object.assign(request, { holdfast: requestClient(client, request) });
    next();
  };
}

/**
 * Lets a handler of web requests answer everything at and under a path of an Express application or router. It sees whole paths, so tell it where
 * it is. Middleware before it may have read the body.
 *
 * @example
 * ```ts
 * import express from "express";
 * import { mount } from "holdfast/express";
 *
 * mount(express(), "/internal", createHealthHandler({ client, worker, path: "/internal" }));
 * ```
 */
export function mount(app: ExpressRouter, path: string, handler: WebHandler): void {
  app.use(path === "" ? "/" : path, middlewareOf(handler));
}

function middlewareOf(handler: WebHandler): ExpressMiddleware {
  return async (incoming, outgoing, next) => {
    try {
      const request = toRequest(incoming, outgoing, toldOf(incoming));
      const response = await handler(request, callerOf(incoming));
      await writeResponse(response, outgoing);
    } catch (error) {
      // Nobody is left to hear of it, or half of another answer is out.
      if (outgoing.headersSent || outgoing.destroyed) outgoing.destroy();
      else next(error);
    }
  };
}

/** What Express and its body parsers leave on a request. */
interface ParsedRequest extends IncomingMessage {
  readonly originalUrl?: string;
  readonly body?: unknown;
  readonly rawBody?: unknown;
}

function toldOf(request: ParsedRequest): Told {
  const { originalUrl, readableEnded, rawBody, body } = request;
  if (!readableEnded) return { url: originalUrl };
  return { url: originalUrl, body: bodyOf(rawBody ?? body, request) };
}

/** A body that a parser has read, written again. */
function bodyOf(parsed: unknown, { headers }: IncomingMessage): string | Uint8Array {
  if (parsed === undefined) return "";
  if (typeof parsed === "string") return parsed;
  if (parsed instanceof Uint8Array) return parsed;
  const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
  return isForm
    ? new URLSearchParams(parsed as Record<string, string>).toString()
    : JSON.stringify(parsed);
}
