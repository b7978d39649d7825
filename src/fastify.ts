/** Fastify: a client for each request, a worker beside the server, mounting. */
export { holdfast, mount, runBeside } from "./integrations/frameworks/fastify.ts";
export type { BesideOptions } from "./integrations/frameworks/beside.ts";
export type { Caller } from "./http/caller.ts";
export type { WebHandler } from "./integrations/frameworks/web-handler.ts";
