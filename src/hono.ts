/** Hono: a client for each request, a worker beside the server, mounting. */
export {
  holdfast,
  type HoldfastEnv,
  type HonoApp,
  type HonoContext,
  type HonoMiddleware,
  mount,
} from "./integrations/frameworks/hono.ts";
export type { NodeServer } from "./integrations/frameworks/door.ts";
export { runBeside } from "./integrations/frameworks/run-beside.ts";
export type { BesideOptions } from "./integrations/frameworks/beside.ts";
export type { Caller } from "./http/caller.ts";
export type { WebHandler } from "./integrations/frameworks/web-handler.ts";
