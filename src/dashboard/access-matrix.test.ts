import { describe, expect, test } from "vitest";
import { recordingLogger } from "../../test/support/recording-logger.ts";
import type { Client } from "../core/client.ts";
import { attachEngine, type Engine } from "../service/engine.ts";
import { type Permission, permissions, type Role } from "./access/permission.ts";
import { createDashboard } from "./create-dashboard.ts";
import type { Route } from "./route.ts";
import { routes } from "./routes.ts";

/** Who may do what, said once more and independently: the least role that has each permission. */
const leastRole: Readonly<Record<Permission, Role>> = {
  read: "viewer",
  audit: "operator",
  "jobs:cancel": "operator",
  "jobs:retry": "operator",
  "jobs:run": "operator",
  "jobs:enqueue": "admin",
  "jobs:update": "admin",
  "jobs:delete": "admin",
  "queues:pause": "operator",
  "queues:update": "admin",
  "limits:update": "admin",
  "schedules:pause": "operator",
  "schedules:run": "operator",
  "schedules:update": "admin",
  "workers:drain": "operator",
};
const roles: readonly Role[] = ["viewer", "operator", "admin"];

const onJobs = ["jobs:retry", "jobs:cancel", "jobs:run", "jobs:delete", "jobs:update"] as const;
const bulk = (path: string): readonly Row[] =>
  Object.entries({
    retry: "jobs:retry",
    cancel: "jobs:cancel",
    runNow: "jobs:run",
    delete: "jobs:delete",
    move: "jobs:update",
    changePriority: "jobs:update",
  } as const).map(([action, needs]) => ({ path, needs, anyOf: onJobs, body: { action, q: "" } }));

/** A way to write, and what it needs; every route that writes must have a row. */
interface Row {
  readonly path: string;
  readonly needs: Permission;
  /** One of these opens the door where the body says what is needed; default `needs` alone. */
  readonly anyOf?: readonly Permission[];
  readonly body?: object;
}

const rows: readonly Row[] = [
  { path: "/api/jobs", needs: "jobs:enqueue", body: { name: "a", payload: "1" } },
  { path: "/api/jobs/:id/cancel", needs: "jobs:cancel" },
  { path: "/api/jobs/:id/retry", needs: "jobs:retry" },
  { path: "/api/jobs/:id/run-now", needs: "jobs:run" },
  { path: "/api/jobs/:id/update", needs: "jobs:update", body: { priority: 1 } },
  { path: "/api/jobs/:id/delete", needs: "jobs:delete" },
  { path: "/api/queues/:name/pause", needs: "queues:pause" },
  { path: "/api/queues/:name/resume", needs: "queues:pause" },
  { path: "/api/queues/:name/update", needs: "queues:update", body: { concurrency: 1 } },
  { path: "/api/workers/:id/drain", needs: "workers:drain" },
  { path: "/api/schedules/:name/pause", needs: "schedules:pause" },
  { path: "/api/schedules/:name/resume", needs: "schedules:pause" },
  { path: "/api/schedules/:name/run-now", needs: "schedules:run" },
  { path: "/api/schedules/:name/update", needs: "schedules:update", body: { cron: "* * * * *" } },
  { path: "/api/schedules/:name/remove", needs: "schedules:update" },
  { path: "/api/limits/:scope/update", needs: "limits:update", body: { concurrent: 1 } },
  ...bulk("/api/operations"),
  ...bulk("/api/operations/preview"),
  ...bulk("/api/operations/count"),
  ...onJobs.map((needs) => ({ path: "/api/operations/:id/cancel", needs, anyOf: onJobs })),
];

/** What reads may be had with; every route that reads must be one or the other. */
const readsOf: Readonly<Record<string, Permission>> = { "/api/audit": "audit" };

interface Grant {
  readonly called: string;
  /** As `authorize` gives it. */
  readonly gives: unknown;
  readonly has: readonly Permission[];
}

const grants: readonly Grant[] = [
  ...roles.map((role) => ({
    called: role,
    gives: role,
    has: permissions.filter((name) => roles.indexOf(leastRole[name]) <= roles.indexOf(role)),
  })),
  ...permissions.map((name) => ({ called: `only ${name}`, gives: [name], has: [name] })),
  ...permissions.map((name) => {
    const has = permissions.filter((other) => other !== name);
    return { called: `all but ${name}`, gives: { permissions: has, actor: "ada" }, has };
  }),
  { called: "nothing", gives: [], has: [] },
];

const sound = { "x-holdfast": "1", "content-type": "application/json", host: "jobs.example" };
const { "x-holdfast": _header, ...headerless } = sound;
const wrongOrigins: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "another origin": { ...sound, origin: "https://evil.example" },
  "a neighbour": { ...sound, origin: "https://jobs.example", "sec-fetch-site": "same-site" },
  "a page without an origin": { ...sound, origin: "null" },
  "a cross-site request without an origin": { ...sound, "sec-fetch-site": "cross-site" },
  "no header": headerless,
  "a form": { ...sound, "content-type": "application/x-www-form-urlencoded" },
  "plain text": { ...sound, "content-type": "text/plain" },
};

/** A dashboard whose client says when it is asked for anything, and does nothing. */
function open(readOnly: boolean) {
  const touched: string[] = [];
  const asked: unknown[] = [];
  const untouchable = (name: string, known: object): never =>
    new Proxy(known, {
      get(target, key) {
        if (Reflect.has(target, key)) return Reflect.get(target, key) as unknown;
        touched.push(`${name}.${String(key)}`);
        throw new Error("the client was touched");
      },
    }) as never;
  const engine = {
    storage: untouchable("storage", { kind: "sqlite" }),
    clock: untouchable("clock", {}),
    logger: recordingLogger(),
  } as unknown as Engine;
  const client: Client = untouchable("client", attachEngine({} as Client, engine));
  let grant: unknown;
  const dashboard = createDashboard({
    client,
    readOnly,
    authorize: (request) => (asked.push(request), grant as never),
  });
  async function ask(
    { method, path }: Pick<Route, "method" | "path">,
    given: unknown,
    more: Asked,
  ) {
    grant = given;
    touched.length = 0;
    asked.length = 0;
    const { headers = sound, body } = more;
    const url = `http://localhost${path.replace(/:\w+/g, "7")}`;
    const sent = method === "GET" ? {} : { body: JSON.stringify(body ?? {}) };
    const answer = await dashboard(new Request(url, { method, headers, ...sent }));
    const { code } = (await answer.json()) as { readonly code?: string };
    return { code: touched.length > 0 ? "allowed" : code, asked: asked.length };
  }
  return { ask, touched };
}

interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | undefined;
}

describe("every write of the API:", () => {
  test("has a row here", () => {
    const writes = routes.filter(({ method }) => method === "POST").map(({ path }) => path);
    expect([...new Set(rows.map(({ path }) => path))].toSorted()).toEqual(writes.toSorted());
  });

  const [open1, readOnly] = [open(false), open(true)];
  const named = rows.map((row) => ({ ...row, what: JSON.stringify(row.body ?? {}) }));

  test.each(named)("$path $what needs $needs", async ({ path, needs, anyOf = [needs], body }) => {
    const route = { method: "POST", path } as const;
    for (const { called, gives, has } of grants) {
      const heard = anyOf.some((name) => has.includes(name));
      // What an operation about to be stopped needs stands in the database.
      const allowed = has.includes(needs) || (heard && path.endsWith("operations/:id/cancel"));
      const expected = heard && allowed ? "allowed" : "FORBIDDEN";
      expect(await open1.ask(route, gives, { body }), called).toEqual({ code: expected, asked: 1 });
      const inReadOnly = heard ? "READ_ONLY" : "FORBIDDEN";
      expect((await readOnly.ask(route, gives, { body })).code, called).toBe(inReadOnly);
    }
  });

  test.each(named)("$path $what is for nobody who is not signed in", async ({ path, body }) => {
    for (const gives of [undefined, null, false]) {
      for (const { ask } of [open1, readOnly]) {
        const { code } = await ask({ method: "POST", path }, gives, { body });
        expect(code).toBe("NOT_AUTHENTICATED");
      }
    }
    for (const gives of [true, "root", ["root"], { role: "admin", actor: "" }]) {
      const { code } = await open1.ask({ method: "POST", path }, gives, { body });
      expect(code).toBe("AUTHORIZE_FAILED");
    }
  });

  test.each(named)("$path $what is for no page of anybody else", async ({ path, body }) => {
    for (const [called, headers] of Object.entries(wrongOrigins)) {
      for (const { ask } of [open1, readOnly]) {
        for (const gives of ["admin", undefined]) {
          const told = await ask({ method: "POST", path }, gives, { headers, body });
          expect(told, called).toEqual({ code: "ORIGIN_REFUSED", asked: 0 });
        }
      }
    }
  });

  test.each(named)("$path $what is no GET", async ({ path }) => {
    const reads = routes.some((route) => route.method === "GET" && matches(route.path, path));
    if (reads) return;
    const { code } = await open1.ask({ method: "GET", path }, "admin", {});
    expect(code).toBe("METHOD_NOT_ALLOWED");
  });
});

describe("every read of the API:", () => {
  const { ask } = open(true);
  test.each(routes.filter(({ method }) => method === "GET"))("$path", async (route) => {
    const needs = readsOf[route.path] ?? "read";
    for (const { called, gives, has } of grants) {
      const { code } = await ask(route, gives, {});
      if (has.includes(needs)) expect(code, called).not.toBe("FORBIDDEN");
      else expect(code, called).toBe("FORBIDDEN");
    }
    expect((await ask(route, undefined, {})).code).toBe("NOT_AUTHENTICATED");
    const foreign = { ...sound, "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" };
    expect(await ask(route, "admin", { headers: foreign })).toEqual({
      code: "ORIGIN_REFUSED",
      asked: 0,
    });
  });
});

/** True when a request to one path would be taken by the other. */
function matches(pattern: string, path: string): boolean {
  return new RegExp(`^${pattern.replace(/:\w+/g, "[^/]+")}$`).test(path.replace(/:\w+/g, "7"));
}
