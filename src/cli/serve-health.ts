import type { Command } from "commander";
import type { Client } from "../core/client.ts";
import { createHealthHandler } from "../http/health-handler.ts";
import { type HttpServer, type ServeOptions, serveHttp } from "../http/serve-http.ts";
import type { Worker } from "../runtime/worker.ts";
import { wrongUsage } from "./exit-codes.ts";
import { readNumber } from "./option-values.ts";
import type { Terminal } from "./terminal.ts";

/** What the options of a command say of its health. */
export interface HealthFlags {
  readonly healthPort?: number;
  readonly healthHost?: string;
}

/** Gives a command the options of its health. */
export function addHealthOptions(command: Command): Command {
  return command
    .option(
      "--health-port <port>",
      "serve /livez, /readyz, /healthz and /metrics on it (default: $HOLDFAST_HEALTH_PORT, or not at all)",
      readNumber,
    )
    .option(
      "--health-host <address>",
      "the interface of that port (default: $HOLDFAST_HEALTH_HOST, or all of them)",
    );
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
 * Serves the health of a worker for as long as something runs, from before it starts until after it has stopped.
 *
 * @throws {HoldfastError} `LISTEN_FAILED`, what `run` throws.
 */
export async function withHealth(
  { client, worker, place }: Served,
  run: (server: HttpServer | undefined) => Promise<void>,
): Promise<void> {
  const server =
    place === undefined
      ? undefined
      : await serveHttp(createHealthHandler({ client, worker }), place);
  try {
    await run(server);
  } finally {
    await server?.close();
  }
}

interface Served {
  readonly client: Client;
  readonly worker: Worker;
  readonly place: ServeOptions | undefined;
}
