import { checkOptions, type OptionRule, rule } from "../core/check-options.ts";
import type { Client } from "../core/client.ts";
import { type Duration, parseDuration } from "../core/duration.ts";
import { HoldfastError, isHoldfastError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { engineOf } from "../service/engine.ts";
import type { Caller } from "./caller.ts";
import {
  checkDatabase,
  databaseHealth,
  type Health,
  type HealthWorker,
  workerHealth,
} from "./health-checks.ts";
import { metricsText } from "./metrics-text.ts";
import { noStore, problemResponse } from "./problem.ts";
import { prometheusType } from "./prometheus-text.ts";
import { createMetricsReader } from "./read-metrics.ts";
import { createReading, type Reading } from "./reading.ts";
import { inTime } from "./time-limit.ts";

/** What a health handler tells about. */
export interface HealthOptions {
  readonly client: Client;
  /** The worker of this process, so that `/readyz` tells whether it takes jobs; default none, for processes that only enqueue. */
  readonly worker?: HealthWorker;
  /** The path the handler is mounted under; default `""`, the root. */
  readonly path?: string;
  /** How long an answer may take, a database that hangs included; default `"3s"`. */
  readonly timeLimit?: Duration;
  /**
   * With more pairs of queue and name than this, metrics leave the names out and count by queue; default 200, and 0 always leaves
   * them out. With more than 1,000 queues those are left out as well.
   */
  readonly maxNames?: number;
}

/** Answers requests, told what is known of the caller by whoever has the connection. It never rejects. */
export type RequestHandler = (request: Request, caller?: Caller) => Promise<Response>;

const pathRule: OptionRule = {
  is: 'a path such as "/internal", without a slash at its end',
  test: (value) => value === "" || (typeof value === "string" && /^\/.*[^/]$/.test(value)),
};

const rules: Readonly<Record<keyof HealthOptions, OptionRule>> = {
  client: rule.object,
  worker: rule.object,
  path: pathRule,
  timeLimit: rule.any,
  maxNames: {
    is: "a whole number",
    test: (value) => Number.isInteger(value) && Number(value) >= 0,
  },
};

/** What was learned is told to everyone who asks within this time: asking fast costs the database nothing. */
const keepMs = 1_000;

/**
 * Makes the handler of a process's health: `/livez`, `/readyz`, `/healthz`, and `/metrics` for Prometheus. It asks nothing of
 * its caller, so mount it where only supervisors and Prometheus get to.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 * @example
 * ```ts
 * const handler = createHealthHandler({ client, worker });
 * const server = await serveHttp(handler, { port: 9090 });
 * ```
 */
export function createHealthHandler(options: HealthOptions): RequestHandler {
  checkOptions("createHealthHandler", options, rules);
  const { worker, path = "" } = options;
  const answers = createAnswers(options);
  const routes: Readonly<Record<string, () => Response | Promise<Response>>> = {
    "/livez": () => Response.json({ status: "live" }, { headers: noStore }),
    "/readyz": async () =>
      healthResponse("ready", [
        ...(worker === undefined ? [] : [workerHealth(worker)]),
        await answers.database(),
      ]),
    "/healthz": async () => {
      const told = worker === undefined ? [] : [{ ...workerHealth(worker), failed: undefined }];
      return healthResponse("healthy", [await answers.database(), ...told]);
    },
    "/metrics": answers.metrics,
  };
  return async (request) => {
    const { pathname } = new URL(request.url);
    const name = pathname.startsWith(path) ? pathname.slice(path.length) : "";
    const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
    if (route === undefined) return withoutBody(request, notFound(path, Object.keys(routes)));
    if (request.method !== "GET" && request.method !== "HEAD") return notAllowed();
    return withoutBody(request, await route());
  };
}

/** The answers for which the database is asked. */
function createAnswers({ client, timeLimit = "3s", maxNames = 200 }: HealthOptions) {
  const limitMs = parseDuration(timeLimit, "createHealthHandler: timeLimit");
  const { storage, clock, logger } = engineOf(client);
  const often = { keepMs: () => keepMs, giveUpMs: limitMs };
  const schema = createReading(() => checkDatabase(() => storage.schemaStatus()), often);
  const read = createMetricsReader(storage, clock, keepMs);
  const metrics = createReading(async () => metricsText(await read(), maxNames), often);
  const told = createTelling(logger);

  async function ask<Value>(reading: Reading<Value>): Promise<Value | HoldfastError> {
    try {
      return await inTime(reading.get(), limitMs);
    } catch (error) {
      if (isHoldfastError(error)) return error;
      const message = "What the health of this process was read from made no sense.";
      return new HoldfastError("STORAGE_FAILED", message, { cause: error });
    }
  }

  return {
    async database(): Promise<Health> {
      const error = await ask(schema);
      told(error);
      return databaseHealth(error);
    },
    async metrics(): Promise<Response> {
      const text = await ask(metrics);
      if (typeof text === "string") {
        return new Response(text, { headers: { ...noStore, "content-type": prometheusType } });
      }
      told(text);
      return healthResponse("", [databaseHealth(text)]);
    },
  };
}

/** Says once that the database fails and once that it is back. */
function createTelling(logger: Logger): (error: HoldfastError | undefined) => void {
  let failing = false;
  return (error) => {
    if (error !== undefined && !failing) logger.warn({ error }, "not healthy");
    if (error === undefined && failing) logger.info({}, "healthy again");
    failing = error !== undefined;
  };
}

function healthResponse(status: string, found: readonly Health[]): Response {
  const checks = Object.assign({}, ...found.map((each) => each.checks)) as Health["checks"];
  const failed = found.find((each) => each.failed !== undefined)?.failed;
  if (failed === undefined) return Response.json({ status, checks }, { headers: noStore });
  return problemResponse({ status: 503, title: "Service Unavailable", ...failed, checks });
}

function notFound(path: string, routes: readonly string[]): Response {
  const there = routes.map((route) => `${path}${route}`).join(", ");
  return problemResponse({ status: 404, title: "Not Found", detail: `There are ${there}.` });
}

function notAllowed(): Response {
  const detail = "Ask with GET or HEAD.";
  const problem = { status: 405, title: "Method Not Allowed", detail };
  return problemResponse(problem, { allow: "GET, HEAD" });
}

function withoutBody(request: Request, response: Response): Response {
  return request.method === "HEAD" ? new Response(null, response) : response;
}
