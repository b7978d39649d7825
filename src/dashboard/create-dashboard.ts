import { fileURLToPath } from "node:url";
import { type Context, Hono } from "hono";
import { HoldfastError, isHoldfastError } from "../core/errors.ts";
import { createHealthHandler, type RequestHandler } from "../http/health-handler.ts";
import { engineOf } from "../service/engine.ts";
import { packageVersion } from "../telemetry/package-version.ts";
import { createGatekeeper, type Gatekeeper } from "./access/gatekeeper.ts";
import {
  type Checks,
  checksBefore,
  createApi,
  type DashboardEnv,
  methodNotAllowed,
} from "./api.ts";
import { checkDashboardOptions, type DashboardOptions } from "./dashboard-options.ts";
import { createLiveHub } from "./live/live-hub.ts";
import { pauseOf, readTopic } from "./live/topic-readings.ts";
import { problemOf, statusOf } from "./problem-of.ts";
import { createReadings } from "./readings.ts";
import { createRedactors } from "./redact/create-redactor.ts";
import type { Site } from "./route.ts";
import { routes } from "./routes.ts";
import { secured } from "./security-headers.ts";
import { createPageResponse } from "./static/page-response.ts";

const builtPage = fileURLToPath(new URL("page", import.meta.url));

/**
 * Makes the dashboard: its page, its API and its metrics, all under one path. Mount it in a framework, or serve it on a port of its own.
 * The handler wants to be told the caller's address, as `mount` and `serveHttp` do. It never rejects.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 * @example
 * ```ts
 * const dashboard = createDashboard({
 *   client,
 *   basePath: "/jobs",
 *   authorize: (request) => (request.headers.get("x-team") === "platform" ? "admin" : "viewer"),
 * });
 * const server = await serveHttp(dashboard, { port: 7077, host: "127.0.0.1" });
 * ```
 */
export function createDashboard(options: DashboardOptions): RequestHandler {
  checkDashboardOptions(options);
  const { basePath = "", authorize, origins = [], by = "dashboard" } = options;
  const site = siteOf(options);
  const gatekeeper = createGatekeeper(authorize, by);
  const redactorFor = createRedactors(options.redact);
  const app = new Hono<DashboardEnv>();
  const checks = { gatekeeper, origins, site };
  app.route(basePath, createApi({ ...checks, redactorFor, routes }));
  addHealth(app, checks);
  addPage(app, options, gatekeeper);
  app.notFound(() => {
    const error = new HoldfastError("ROUTE_NOT_FOUND", `The dashboard is at ${basePath}/.`);
    return problemOf(error, site.logger);
  });
  app.onError((error, c) => {
    noteRefusal(error, c, site);
    return problemOf(error, site.logger);
  });
  return secured(async (request, caller = {}) => {
    try {
      return await app.fetch(request, { caller });
    } catch (error) {
      // Only what is thrown and no Error gets here.
      return problemOf(error, site.logger);
    }
  });
}

/** The audit has what was done. What somebody known has tried and may not do is in the log; strangers could fill it. */
function noteRefusal(error: Error, { req, var: { visitor } }: Context<DashboardEnv>, site: Site) {
  const isRefused = isHoldfastError(error) && statusOf(error.code) === 403;
  if (!isRefused || req.method !== "POST" || visitor === undefined) return;
  const tried = { by: visitor.actor, path: req.path.slice(0, 200), code: error.code };
  site.logger.warn(tried, "the dashboard refused an action");
}

function siteOf({ client, basePath = "", readOnly = false, environment }: DashboardOptions): Site {
  const { storage, logger } = engineOf(client);
  const readings = createReadings(client);
  return {
    client,
    readings,
    live: createLiveHub({
      read: (topic) => readTopic({ client, readings }, topic),
      everyMs: pauseOf,
    }),
    basePath,
    readOnly,
    environment:
      environment === undefined
        ? null
        : { name: environment.name, color: environment.color ?? "gray" },
    database: storage.kind,
    version: packageVersion() ?? "unknown",
    logger,
  };
}

/** What supervisors and Prometheus ask; the metrics name queues and jobs, so they need a permission. */
function addHealth(app: Hono<DashboardEnv>, checks: Checks): void {
  const { client, basePath } = checks.site;
  const health = createHealthHandler({ client, path: basePath });
  const metrics = { method: "GET", permission: "read" } as const;
  app.use(`${basePath}/metrics`, ...checksBefore(metrics, checks));
  for (const name of ["metrics", "healthz", "livez", "readyz"]) {
    app.all(`${basePath}/${name}`, ({ req }) => health(req.raw));
  }
}

function addPage(
  app: Hono<DashboardEnv>,
  { basePath = "" }: DashboardOptions,
  gatekeeper: Gatekeeper,
): void {
  const respond = createPageResponse(builtPage, basePath);
  // At the base path itself too, and without a redirect: Next.js leads back to where there is no slash at the end.
  app.get(`${basePath}/*`, ({ req, env }) => {
    gatekeeper.checkPage(req.raw, env.caller);
    return respond(req.raw, req.path.slice(basePath.length + 1));
  });
  app.all(`${basePath}/*`, () => {
    throw methodNotAllowed(["GET", "HEAD"]);
  });
}
