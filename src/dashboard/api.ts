import { type Context, Hono, type MiddlewareHandler } from "hono";
import { HoldfastError } from "../core/errors.ts";
import type { Caller } from "../http/caller.ts";
import { noStore } from "../http/problem.ts";
import { requestClient } from "../http/request-client.ts";
import { checkPermission, type Gatekeeper } from "./access/gatekeeper.ts";
import { checkReadOrigin, checkWriteOrigin } from "./access/origin.ts";
import type { Visitor } from "./access/visitor.ts";
import { checkQuery, readBody } from "./read-call.ts";
import type { Redactor } from "./redact/redactor.ts";
import type { Route, Site } from "./route.ts";

/** What Hono carries along for a request. */
export interface DashboardEnv {
  readonly Bindings: { readonly caller: Caller };
  readonly Variables: { visitor: Visitor };
}

/** What is needed to check a request. */
export interface Checks {
  readonly gatekeeper: Gatekeeper;
  readonly origins: readonly string[];
  readonly site: Site;
}

/** What the API is made of. */
export interface ApiParts extends Checks {
  readonly redactorFor: (visitor: Visitor) => Redactor;
  readonly routes: readonly Route[];
}

type Step = MiddlewareHandler<DashboardEnv>;

/** The API as an application: every route with its checks before it, in the order they stand here. */
export function createApi(parts: ApiParts): Hono<DashboardEnv> {
  const api = new Hono<DashboardEnv>();
  for (const [path, ways] of byPath(parts.routes)) {
    for (const route of ways) {
      api.on(route.method, path, ...checksBefore(route, parts), (c) => answer(c, route, parts));
    }
    api.all(path, () => refuseMethod(ways));
  }
  api.all("/api/*", ({ req }) => {
    const message = `The API has no ${JSON.stringify(req.path.slice(0, 200))}; api/openapi.json lists what it has.`;
    throw new HoldfastError("ROUTE_NOT_FOUND", message);
  });
  return api;
}

/** What is checked before a route looks anything up: whose page asks, who that is, and whether they may. */
export function checksBefore(
  route: Pick<Route, "method" | "permission">,
  { gatekeeper, origins, site }: Checks,
): readonly [Step, Step, Step] {
  return [checkingOrigin(route, origins), identifying(gatekeeper), checkingAccess(route, site)];
}

function identifying(gatekeeper: Gatekeeper): Step {
  return async (c, next) => {
    c.set("visitor", await gatekeeper.visitor(c.req.raw, c.env.caller));
    await next();
  };
}

function checkingOrigin({ method }: Pick<Route, "method">, origins: readonly string[]): Step {
  const check = method === "POST" ? checkWriteOrigin : checkReadOrigin;
  return async ({ req }, next) => {
    check(req.raw, origins);
    await next();
  };
}

function checkingAccess(
  { method, permission }: Pick<Route, "method" | "permission">,
  { readOnly }: Site,
): Step {
  const anyOf = typeof permission === "string" ? [permission] : permission.anyOf;
  return async (c, next) => {
    checkPermission(c.var.visitor, anyOf);
    if (readOnly && method === "POST") {
      throw new HoldfastError("READ_ONLY", "This dashboard is read-only: it changes nothing.");
    }
    await next();
  };
}

async function answer(
  { req, env, var: { visitor } }: Context<DashboardEnv>,
  route: Route,
  { gatekeeper, redactorFor, site }: ApiParts,
): Promise<Response> {
  const query = new URL(req.url).searchParams;
  checkQuery(query, route);
  const body = route.method === "POST" ? await readBody(req.raw, route) : undefined;
  const demanded = typeof route.permission === "string" ? undefined : route.permission.of?.(body);
  if (demanded !== undefined) checkPermission(visitor, [demanded]);
  const answered = await route.handle({
    client: requestClient(site.client, req.raw),
    visitor,
    visitorNow: () => gatekeeper.visitor(req.raw, env.caller),
    redactor: redactorFor(visitor),
    site,
    params: req.param(),
    query,
    body,
    headers: req.raw.headers,
    signal: req.raw.signal,
  });
  if (answered instanceof Response) {
    // Nobody reads what HEAD leaves out, so a stream would never end.
    if (req.raw.method === "HEAD") await answered.body?.cancel();
    return answered;
  }
  return Response.json(answered ?? {}, { headers: noStore });
}

/** Routes by path, those without parameters first: `/api/jobs/counts` is no job. */
function byPath(routes: readonly Route[]): readonly (readonly [string, readonly Route[]])[] {
  const paths = new Map<string, Route[]>();
  for (const route of routes) paths.set(route.path, [...(paths.get(route.path) ?? []), route]);
  const parameters = (path: string) => path.split("/:").length;
  return [...paths].toSorted(([a], [b]) => parameters(a) - parameters(b));
}

function refuseMethod(ways: readonly Route[]): never {
  const allow = ways.flatMap(({ method }) => (method === "GET" ? ["GET", "HEAD"] : [method]));
  throw methodNotAllowed(allow);
}

/** The refusal of a method, with those there are. */
export function methodNotAllowed(allow: readonly string[]): HoldfastError {
  const list = allow.join(", ");
  return new HoldfastError("METHOD_NOT_ALLOWED", `Ask with ${list}.`, { details: { allow: list } });
}
