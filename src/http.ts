/** A process's health and metrics over HTTP. */
export type { Caller } from "./http/caller.ts";
export type { HealthWorker } from "./http/health-checks.ts";
export {
  createHealthHandler,
  type HealthOptions,
  type RequestHandler,
} from "./http/health-handler.ts";
export { type HttpServer, type ServeOptions, serveHttp } from "./http/serve-http.ts";
export { requestClient, type TracedRequest } from "./http/request-client.ts";
