import type { FastifyInstance, FastifyPluginCallback } from "fastify";
import type { Client } from "../../core/client.ts";
import { callerOf, toRequest } from "../../http/node-exchange.ts";
import { requestClient } from "../../http/request-client.ts";
import { type BesideOptions, standBeside } from "./beside.ts";
import type { WebHandler } from "./web-handler.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The client for this request; there once the plugin of `holdfast/fastify` is registered. */
    holdfast: Client;
  }
}

/**
 * A plugin for Fastify that gives each request a client of its own, as `request.holdfast`: its jobs are part of the request's trace.
 *
 * @example
 * ```ts
 * import fastify from "fastify";
 * import { holdfast } from "holdfast/fastify";
 *
 * const app = fastify();
 * await app.register(holdfast(client));
 * app.post<{ Body: { email: string } }>("/users", async (request, reply) => {
 *   const { id } = await request.holdfast.enqueue(sendWelcome, request.body);
 *   return reply.code(202).send({ id });
 * });
 * ```
 */
export function holdfast(client: Client): FastifyPluginCallback {
  const plugin: FastifyPluginCallback = (app, _options, done) => {
    app.decorateRequest("holdfast");
    app.addHook("onRequest", (request, _reply, next) => {
      request.holdfast = requestClient(client, request);
      next();
    });
    done();
  };
  // For the whole application, and not only for what is registered inside the plugin.
  return Object.assign(plugin, {
    [Symbol.for("skip-override")]: true,
    [Symbol.for("fastify.display-name")]: "holdfast",
  });
}

/**
 * Lets a handler of web requests answer everything at and under a path of a Fastify application. It sees whole paths, so tell it where it is.
 *
 * @example
 * ```ts
 * import fastify from "fastify";
 * import { mount } from "holdfast/fastify";
 *
 * mount(fastify(), "/internal", createHealthHandler({ client, worker, path: "/internal" }));
 * ```
 */
export function mount(app: FastifyInstance, path: string, handler: WebHandler): void {
  void app.register((scope, _options, done) => {
    // The handler reads the body itself.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, _payload, parsed) => parsed(null));
    for (const route of [path === "" ? "/" : path, `${path}/*`]) {
      scope.all(route, async ({ raw }, reply) => handler(toRequest(raw, reply.raw), callerOf(raw)));
    }
    done();
  });
}

/**
 * Runs a worker beside a Fastify application, until SIGTERM or SIGINT: then the application takes no more requests, the worker no
 * more jobs, both end what they have begun, jobs that outlast the worker's `drain` are given back with no attempt spent, and the client is
 * closed. Resolves after that, so that a process with nothing left to do ends with exit code 0. A second signal kills the process at once.
 *
 * @throws {HoldfastError} `INVALID_OPTION`, `ALREADY_STARTED`, `STORAGE_*` when the worker cannot start; the application is closed then too.
 * @example
 * ```ts
 * import fastify from "fastify";
 * import { runBeside } from "holdfast/fastify";
 *
 * const app = fastify();
 * await app.listen({ port: 3000 });
 * await runBeside(app, { client, worker });
 * ```
 */
export function runBeside(app: FastifyInstance, options: BesideOptions): Promise<void> {
  const door = { close: () => app.close(), hangUp: () => app.server.closeAllConnections() };
  return standBeside(door, options);
}
