import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { checkOptions, type OptionRule, rule } from "../core/check-options.ts";
import { HoldfastError } from "../core/errors.ts";
import type { RequestHandler } from "./health-handler.ts";
import { callerOf, toRequest, writeResponse } from "./node-exchange.ts";

/** Where a server listens. */
export interface ServeOptions {
  /** 0 takes any that is free. */
  readonly port: number;
  /** The address of one interface, such as `"127.0.0.1"`; default all of them, as probes come from outside. */
  readonly host?: string;
}

/** A server that listens. */
export interface HttpServer {
  /** Where it is found from this machine. */
  readonly url: string;
  readonly port: number;
  /** Takes no more connections, gives the answers under way a second, and closes. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const rules: Readonly<Record<keyof ServeOptions, OptionRule>> = {
  port: {
    is: "a port, 0 to 65535",
    test: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535,
  },
  host: rule.text,
};

const closingMs = 1_000;

/**
 * Serves a handler on a port of its own. It keeps no process alive by itself.
 *
 * @throws {HoldfastError} `INVALID_OPTION`, `LISTEN_FAILED`.
 * @example
 * ```ts
 * await using server = await serveHttp(createHealthHandler({ client }), { port: 9090 });
 * ```
 */
export async function serveHttp(
  handler: RequestHandler,
  options: ServeOptions,
): Promise<HttpServer> {
  checkOptions("serveHttp", options, rules);
  const server = createServer((incoming, outgoing) => void exchange(handler, incoming, outgoing));
  const { port } = await listen(server, options);
  server.unref();
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= closeServer(server));
  return { url: `http://${hostOf(options)}:${port}`, port, close, [Symbol.asyncDispose]: close };
}

/** Answers a request, or ends its connection. */
async function exchange(
  handler: RequestHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    const response = await handler(toRequest(incoming, outgoing), callerOf(incoming));
    await writeResponse(response, outgoing);
  } catch {
    // The caller has gone away or asks for what no web request can (TRACE), or the handler broke its word; nobody else is to suffer for it.
    outgoing.destroy();
  }
}

function listen(server: Server, { port, host }: ServeOptions): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const where = host === undefined ? `port ${port}` : `port ${port} of ${host}`;
      const message = `Cannot listen on ${where}: ${error.code ?? error.message}. Choose another port or host, or stop what is there.`;
      reject(new HoldfastError("LISTEN_FAILED", message, { cause: error, details: { port } }));
    });
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      resolve(server.address() as AddressInfo);
    });
  });
}

function hostOf({ host }: ServeOptions): string {
  if (host === undefined || host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => server.closeAllConnections(), closingMs);
    server.close(() => {
      clearTimeout(late);
      resolve();
    });
    server.closeIdleConnections();
  });
}
