import { describe, expect, test } from "vitest";
import { recordingLogger } from "../../test/support/recording-logger.ts";
import type { Client } from "../core/client.ts";
import { HoldfastError } from "../core/errors.ts";
import type { Authorize } from "./access/authorize.ts";
import { createGatekeeper } from "./access/gatekeeper.ts";
import { createApi } from "./api.ts";
import { createLiveHub } from "./live/live-hub.ts";
import { problemOf } from "./problem-of.ts";
import { createReadings } from "./readings.ts";
import { createRedactors } from "./redact/create-redactor.ts";
import type { Call, Route } from "./route.ts";
import type { ProblemAnswer } from "./wire/problem.ts";

type Asked = RequestInit & { readonly json?: unknown; readonly duplex?: "half" };

interface Access {
  readonly authorize: Authorize;
  readonly readOnly: boolean;
}

const site = {
  basePath: "",
  readOnly: false,
  environment: null,
  database: "sqlite",
  version: "1",
} as const;

/** An API of routes that answer what they were asked. */
function open(
  ways: readonly Partial<Route>[],
  { authorize = () => "admin", readOnly = false }: Partial<Access> = {},
) {
  const calls: Call[] = [];
  const logger = recordingLogger();
  const client = { scoped: () => client } as unknown as Client;
  const readings = createReadings(client);
  const live = createLiveHub({ read: async () => null });
  const routes = ways.map<Route>((way) => ({
    method: "GET",
    path: "/api/a",
    permission: "read",
    summary: "A.",
    answer: "A",
    ...way,
    handle: (call) => (calls.push(call), way.handle?.(call)),
  }));
  const api = createApi({
    gatekeeper: createGatekeeper(authorize, "somebody"),
    origins: [],
    redactorFor: createRedactors(undefined),
    routes,
    site: { ...site, client, readings, live, readOnly, logger },
  }).onError((error) => problemOf(error, logger));
  async function ask(path: string, { json, ...init }: Asked = {}) {
    const body = json === undefined ? {} : { method: "POST", body: JSON.stringify(json) };
    const headers = { "x-holdfast": "1", "content-type": "application/json" };
    const request = new Request(`http://localhost${path}`, { headers, ...body, ...init });
    const answer = await api.fetch(request, { caller: {} });
    const text = await answer.text();
    const told = (text === "" ? {} : JSON.parse(text)) as Partial<ProblemAnswer>;
    return { answer, status: answer.status, told };
  }
  return { ask, calls, logger };
}

const post = { method: "POST", permission: "jobs:retry" } as const;

describe("a route", () => {
  test("is told what was asked, and its answer is JSON that nobody keeps", async () => {
    const { ask, calls } = open([
      { path: "/api/queues/:name/pause", ...post, handle: () => ({ a: 1 }) },
    ]);
    const { answer, told } = await ask("/api/queues/a%2Fb%20%C3%BC/pause?x=1&x=2", { json: {} });
    expect(told).toEqual({ a: 1 });
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(calls[0]).toMatchObject({
      params: { name: "a/b ü" },
      body: {},
      visitor: { actor: "somebody", role: "admin" },
      site,
    });
    expect(calls[0]?.query.getAll("x")).toEqual(["1", "2"]);
  });

  test("without parameters goes before one with them, and nothing is an empty object", async () => {
    const { ask } = open([
      { path: "/api/jobs/:id", handle: ({ params }) => params },
      { path: "/api/jobs/counts" },
    ]);
    expect((await ask("/api/jobs/counts")).told).toEqual({});
    expect((await ask("/api/jobs/7")).told).toEqual({ id: "7" });
  });

  test("that is not there, or not for this method, is so for everybody", async () => {
    const authorize = () => {
      throw new Error("nobody is asked");
    };
    const { ask } = open([{ path: "/api/jobs" }, { path: "/api/jobs", ...post }], { authorize });
    expect(await ask("/api/job")).toMatchObject({ status: 404, told: { code: "ROUTE_NOT_FOUND" } });
    expect(await ask("/api/jobs/")).toMatchObject({ status: 404 });
    const { answer, told } = await ask("/api/jobs", { method: "DELETE" });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("GET, HEAD, POST");
    expect(told.code).toBe("METHOD_NOT_ALLOWED");
  });

  test("answers HEAD like GET, and a stream that nobody reads is ended", async () => {
    let cancelled = 0;
    const handle = () =>
      new Response(new ReadableStream({ cancel: () => void cancelled++ }), { status: 202 });
    const { ask } = open([{ handle }]);
    expect(await ask("/api/a", { method: "HEAD" })).toMatchObject({ status: 202, told: {} });
    expect(cancelled).toBe(1);
  });

  test("hears that its caller has gone", async () => {
    const { ask, calls } = open([{}]);
    const leaving = new AbortController();
    await ask("/api/a", { signal: leaving.signal });
    leaving.abort();
    expect(calls[0]?.signal.aborted).toBe(true);
  });
});

describe("what is sent", () => {
  const body = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };

  test("is checked by the route's schema", async () => {
    const { ask, calls } = open([{ ...post, body }]);
    expect((await ask("/api/a", { json: { n: 1 } })).status).toBe(200);
    const { status, told } = await ask("/api/a", { json: { n: "1" } });
    expect(status).toBe(400);
    expect(told).toMatchObject({ code: "REQUEST_INVALID" });
    expect(told.detail).toContain('body.n must be a whole number; got "1"');
    for (const text of ["{", "[]", "null", '"x"', ""]) {
      const { told: refused } = await ask("/api/a", { method: "POST", body: text });
      expect(refused.code, text).toBe("REQUEST_INVALID");
    }
    expect(calls).toHaveLength(1);
  });

  test("to a route that takes nothing must be nothing", async () => {
    const { ask } = open([post]);
    expect((await ask("/api/a", { json: {} })).status).toBe(200);
    expect((await ask("/api/a", { method: "POST" })).status).toBe(200);
    expect((await ask("/api/a", { json: { n: 1 } })).told.code).toBe("REQUEST_INVALID");
  });

  test("may have 2 MiB, told or not", async () => {
    const { ask, calls } = open([{ ...post, body: {} }]);
    const json = "x".repeat(2 * 1024 * 1024 - 2);
    expect((await ask("/api/a", { json })).status).toBe(200);
    const large = { status: 413, told: { code: "REQUEST_TOO_LARGE" } };
    expect(await ask("/api/a", { json: `${json}x` })).toMatchObject(large);
    const headers = { "x-holdfast": "1", "content-type": "application/json" };
    const told = { ...headers, "content-length": "2097153" };
    expect(await ask("/api/a", { method: "POST", body: "1", headers: told })).toMatchObject(large);
    expect(calls).toHaveLength(1);
  });

  test("may not be nested deeper than any action needs, however quickly it would be read", async () => {
    const { ask, calls } = open([{ ...post, body: {} }]);
    const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
    expect((await ask("/api/a", { method: "POST", body: nested(16) })).status).toBe(200);
    expect((await ask("/api/a", { json: nested(900_000) })).status).toBe(200);
    const { status, told } = await ask("/api/a", { method: "POST", body: nested(900_000) });
    expect([status, told.code]).toEqual([400, "REQUEST_INVALID"]);
    expect(calls).toHaveLength(2);
  });

  test("and ends too soon is no failure of the dashboard", async () => {
    const { ask, calls, logger } = open([post]);
    const cut = new ReadableStream({ pull: (stream) => stream.error(new Error("aborted")) });
    const { status, told } = await ask("/api/a", { method: "POST", body: cut, duplex: "half" });
    expect([status, told.code]).toEqual([400, "REQUEST_INVALID"]);
    expect([calls, logger.lines]).toEqual([[], []]);
  });

  test("in a query is checked where it is declared", async () => {
    const { ask, calls } = open([
      {
        query: {
          limit: { type: "integer", minimum: 1, description: "So many." },
          all: { type: "boolean", description: "Or all." },
          q: { type: "string", maxLength: 3, description: "Those." },
        },
      },
    ]);
    for (const query of ["", "?limit=10&all=false&q=12&other=%00", "?limit=1&limit=x"]) {
      expect((await ask(`/api/a${query}`)).status, query).toBe(200);
    }
    for (const query of ["limit=0", "limit=x", "limit=", "limit=1e3", "all=1", "q=1234"]) {
      const { told } = await ask(`/api/a?${query}`);
      expect(told, query).toMatchObject({ code: "REQUEST_INVALID" });
    }
    expect(calls).toHaveLength(3);
  });
});

describe("the checks come in order:", () => {
  const unread = { method: "POST", body: "{" };

  test("origin, who, permission, read-only, and only then the body", async () => {
    const grants = [undefined, "viewer", "operator"] as const;
    let at = 0;
    const { ask, calls } = open([post], { authorize: () => grants[at], readOnly: true });
    expect((await ask("/api/a", { ...unread, headers: {} })).told.code).toBe("ORIGIN_REFUSED");
    expect(await ask("/api/a", unread)).toMatchObject({
      status: 401,
      told: { code: "NOT_AUTHENTICATED" },
    });
    at = 1;
    expect(await ask("/api/a", unread)).toMatchObject({
      status: 403,
      told: { code: "FORBIDDEN", details: { permissions: ["jobs:retry"] } },
    });
    at = 2;
    expect(await ask("/api/a", unread)).toMatchObject({ status: 403, told: { code: "READ_ONLY" } });
    expect(calls).toEqual([]);
  });

  test("a demand that depends on the body is made once it is known", async () => {
    const permission = {
      anyOf: ["jobs:retry", "jobs:delete"] as const,
      of: (body: unknown) =>
        body === "delete" ? ("jobs:delete" as const) : ("jobs:retry" as const),
    };
    const { ask } = open([{ ...post, permission, body: { type: "string" } }], {
      authorize: (request) => request.headers.get("x-as")?.split(" ") as never,
    });
    const asking = async (as: string, json: unknown) => {
      const headers = { "x-holdfast": "1", "content-type": "application/json", "x-as": as };
      return (await ask("/api/a", { json, headers })).told.code ?? "allowed";
    };
    expect(await asking("read audit", 1)).toBe("FORBIDDEN");
    expect(await asking("jobs:retry", 1)).toBe("REQUEST_INVALID");
    expect(await asking("jobs:retry", "delete")).toBe("FORBIDDEN");
    expect(await asking("jobs:retry", "retry")).toBe("allowed");
    expect(await asking("jobs:delete", "delete")).toBe("allowed");
  });
});

describe("what goes wrong", () => {
  const failing = (error: Error) => () => {
    throw error;
  };

  test("is told by its code, and what is inside stays inside", async () => {
    const secret = "postgres://ada:secret@10.1.2.3/jobs";
    const errors = [
      [new HoldfastError("JOB_NOT_FOUND", "Gone.", { details: { id: "7" } }), 404, "Gone."],
      [new HoldfastError("UNIQUE_CONFLICT", "Held."), 409, "Held."],
      [new HoldfastError("INVALID_OPTION", "Wrong."), 400, "Wrong."],
      [new HoldfastError("STORAGE_UNAVAILABLE", secret), 503, "Try again."],
      [new HoldfastError("STORAGE_FAILED", secret, { details: { secret } }), 503, "The database"],
      [new HoldfastError("CLIENT_CLOSED", secret), 503, "closed"],
      [new HoldfastError("IDENTITY_REFUSED", secret), 503, "IDENTITY_REFUSED"],
      [new TypeError(secret), 500, "DASHBOARD_FAILED"],
    ] as const;
    for (const [error, status, says] of errors) {
      const { ask, logger } = open([{ handle: failing(error) }]);
      const { told, answer } = await ask("/api/a");
      expect(told).toMatchObject({ status, detail: expect.stringContaining(says) as string });
      expect(told.code).toBe(error instanceof HoldfastError ? error.code : "DASHBOARD_FAILED");
      expect(answer.status).toBe(status);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      expect(JSON.stringify(told)).not.toContain("secret");
      expect(logger.lines.map(({ level }) => level)).toEqual(status < 500 ? [] : ["error"]);
    }
  });

  test("in authorize refuses everybody", async () => {
    for (const authorize of [failing(new Error("secret")), () => "root" as never]) {
      const { ask, calls, logger } = open([{}], { authorize });
      const { status, told } = await ask("/api/a");
      expect(status).toBe(500);
      expect(told.code).toBe("AUTHORIZE_FAILED");
      expect(told.detail).not.toMatch(/secret|root/);
      expect(calls).toEqual([]);
      expect(logger.lines).toHaveLength(1);
    }
  });
});
