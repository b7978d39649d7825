import type { Client } from "../core/client.ts";
import { createHealthHandler } from "../http/health-handler.ts";
import { type HttpServer, type ServeOptions, serveHttp } from "../http/serve-http.ts";
import type { Worker } from "../runtime/worker.ts";
import { wrongUsage } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

/** What the options of a command say of its health. */
export interface HealthFlags {
  readonly healthPort?: number;
  readonly healthHost?: string;
}

/**
 * Where health is to be served: as the options say, else the environment; `undefined` for nowhere.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function healthPlace(
  { healthPort, healthHost }: HealthFlags,
  env: Terminal["env"],
): ServeOptions | undefined {
  const port = healthPort ?? portOf(env["HOLDFAST_HEALTH_PORT"]?.trim() ?? "");
  const host = healthHost ?? env["HOLDFAST_HEALTH_HOST"]?.trim();
  if (port !== undefined && !isPort(port)) throw noPort("--health-port", port);
  return port === undefined ? undefined : { port, ...(host ? { host } : {}) };
}

function portOf(text: string): number | undefined {
  if (text === "") return undefined;
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!isPort(port)) throw noPort("HOLDFAST_HEALTH_PORT", text);
  return port;
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 0 && port <= 65_535;
}

function noPort(called: string, got: unknown): Error {
  return wrongUsage(`${called} must be a port, 0 to 65535; got ${JSON.stringify(got)}.`);
}

/**
 * Serves the health of a worker that need not have started.
 *
 * @throws {HoldfastError} `LISTEN_FAILED`.
 */
export async function serveHealth(
  client: Client,
  worker: Worker,
  place: ServeOptions | undefined,
): Promise<HttpServer | undefined> {
  if (place === undefined) return undefined;
  return serveHttp(createHealthHandler({ client, worker }), place);
}
