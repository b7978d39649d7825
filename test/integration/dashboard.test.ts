import { request as httpRequest } from "node:http";
import { type Client, createClient } from "holdfast";
import { createDashboard, type DashboardOptions } from "holdfast/dashboard";
import { serveHttp } from "holdfast/http";
import { sqliteStorage } from "holdfast/sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { coded } from "../support/coded.ts";
import { recordingLogger } from "../support/recording-logger.ts";

type Storage = Awaited<ReturnType<typeof sqliteStorage>>;

const local = { remoteAddress: "127.0.0.1" };
const logger = recordingLogger();
let storage: Storage;
let options: Pick<DashboardOptions, "client">;

beforeAll(async () => {
  storage = await sqliteStorage({ path: ":memory:" });
  await storage.migrate();
  options = { client: await createClient({ storage, logger }) };
});
afterAll(async () => {
  await options.client.close();
  await storage.close();
});

/** Asks a dashboard from this machine. */
function open(more: Partial<DashboardOptions> = {}, caller = local) {
  const dashboard = createDashboard({ ...options, ...more });
  return async (path: string, headers: Record<string, string> = {}, method = "GET") => {
    const asked = { method, headers: { host: "localhost", ...headers } };
    return dashboard(new Request(`http://localhost${path}`, asked), caller);
  };
}

describe("a dashboard", () => {
  test("lets callers on this machine look, and nobody else, while it has no authorize", async () => {
    const here = await open()("/api/session");
    expect(await here.json()).toMatchObject({
      actor: "dashboard",
      role: "viewer",
      permissions: ["read"],
      readOnly: false,
      environment: null,
      database: "sqlite",
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
    });
    const strangers = [
      open({}, { remoteAddress: "10.0.0.1" })("/api/session"),
      open({}, {} as never)("/api/session"),
      open()("/api/session", { host: "evil.example" }),
      open()("/api/session", { "x-forwarded-for": "127.0.0.1" }),
      open()("/", { host: "evil.example" }),
      open()("/metrics", { host: "evil.example" }),
    ];
    for (const stranger of await Promise.all(strangers)) {
      expect([stranger.status, await stranger.json()]).toMatchObject([403, { code: "FORBIDDEN" }]);
    }
  });

  test("asks authorize about everything that has data, whoever it is", async () => {
    const far = { remoteAddress: "10.0.0.1" };
    const seen: unknown[] = [];
    const ask = open(
      {
        authorize: (request, caller) => {
          seen.push(caller);
          return request.headers.get("x-as") === "ada" && { role: "operator", actor: "ada" };
        },
        environment: { name: "production" },
        readOnly: true,
      },
      far,
    );
    expect(await (await ask("/api/session", { "x-as": "ada" })).json()).toMatchObject({
      actor: "ada",
      role: "operator",
      readOnly: true,
      environment: { name: "production", color: "gray" },
    });
    for (const path of ["/api/session", "/api/openapi.json", "/metrics"]) {
      expect((await ask(path)).status, path).toBe(401);
    }
    for (const path of ["/livez", "/readyz", "/healthz"]) {
      expect((await ask(path)).status, path).toBe(200);
    }
    expect((await ask("/metrics", { "x-as": "ada" })).status).toBe(200);
    expect(seen).toEqual([far, far, far, far, far]);
  });

  test("writes down who tried what they may not do, and nothing of strangers", async () => {
    const refused = () =>
      logger.lines.filter(({ message }) => message.includes("refused an action"));
    const write = { "content-type": "application/json", "x-holdfast": "1" };
    const authorize = (request: Request) =>
      request.headers.get("x-as") === "eve" && ({ role: "viewer", actor: "eve" } as const);
    const ask = open({ authorize });
    expect((await ask("/api/queues/emails/pause", write, "POST")).status).toBe(401);
    expect(refused()).toEqual([]);
    expect(
      (await ask("/api/queues/emails/pause", { ...write, "x-as": "eve" }, "POST")).status,
    ).toBe(403);
    expect((await ask("/api/audit", { "x-as": "eve" })).status).toBe(403);
    const fields = { by: "eve", path: "/api/queues/emails/pause", code: "FORBIDDEN" };
    expect(refused()).toMatchObject([{ level: "warn", fields }]);
  });

  test("is all under its base path", async () => {
    const ask = open({ basePath: "/ops/jobs.v1" });
    const pages = ["/ops/jobs.v1", "/ops/jobs.v1/", "/ops/jobs.v1/jobs/7?a=1"].map((path) =>
      ask(path),
    );
    for (const page of await Promise.all(pages)) expect(page.status).not.toBe(404);
    expect((await ask("/ops/jobs.v1/api/session")).status).toBe(200);
    expect((await ask("/ops/jobs.v1/livez")).status).toBe(200);
    for (const path of ["/", "/api/session", "/ops/jobsxv1/api/session", "/ops/jobs.v1x"]) {
      const answer = await ask(path);
      expect([answer.status, await answer.json()], path).toMatchObject([
        404,
        { code: "ROUTE_NOT_FOUND" },
      ]);
    }
  });

  test("sends strict headers with every answer", async () => {
    const ask = open();
    const answers = ["/api/session", "/api/none", "/", "/assets/none.js", "/metrics", "/livez"];
    for (const path of answers) {
      const { headers } = await ask(path);
      const policy = headers.get("content-security-policy") ?? "";
      expect(policy, path).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
      expect(policy).not.toContain("unsafe");
      expect(Object.fromEntries(headers)).toMatchObject({
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "x-frame-options": "DENY",
      });
      expect(headers.has("strict-transport-security")).toBe(false);
    }
  });

  test("refuses other methods than there are, and pages of other sites", async () => {
    const ask = open();
    expect((await ask("/", {}, "POST")).status).toBe(405);
    expect((await ask("/api/session", {}, "PUT")).headers.get("allow")).toBe("GET, HEAD");
    const foreign = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" };
    for (const path of ["/api/session", "/metrics"]) {
      expect(await (await ask(path, foreign)).json()).toMatchObject({ code: "ORIGIN_REFUSED" });
    }
  });

  test("answers whatever is thrown", async () => {
    const authorize = () => Promise.reject("no error at all");
    expect((await open({ authorize })("/api/session")).status).toBe(500);
    const scoped = () => AbortSignal.abort("no error at all").throwIfAborted();
    const client = Object.create(options.client, { scoped: { value: scoped } }) as Client;
    const answer = await open({ client })("/api/session");
    expect([answer.status, await answer.json()]).toMatchObject([500, { code: "DASHBOARD_FAILED" }]);
  });

  test.each<[string, object, string]>([
    ["a base path with a slash at its end", { basePath: "/a/" }, "basePath"],
    ["one without a slash before it", { basePath: "a" }, "basePath"],
    ["one that HTML would misread", { basePath: '/"><script>' }, "basePath"],
    ["one that leads up", { basePath: "/a/../b" }, "basePath"],
    ["a pattern", { basePath: "/:a" }, "basePath"],
    ["an origin with a path", { origins: ["https://a.example/"] }, "origins"],
    ["every origin", { origins: ["*"] }, "origins"],
    ["an unknown color", { environment: { name: "a", color: "pink" } }, "environment"],
    ["no name", { environment: { color: "red" } }, "environment"],
    ["a role for authorize", { authorize: "admin" }, "authorize"],
    ["an option that is none", { path: "/a" }, "path"],
    ["no client", { client: undefined }, "client"],
    ["what is no client", { client: {} }, "client"],
  ])("is not made of %s", (_what, more, says) => {
    expect(() => createDashboard({ ...options, ...more })).toThrow(coded("INVALID_OPTION", says));
  });
});

test("served over HTTP, it knows its callers' addresses and the name they ask for", async () => {
  await using server = await serveHttp(createDashboard(options), { port: 0, host: "127.0.0.1" });
  const ask = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const asked = httpRequest(`${server.url}/api/session`, { headers, agent: false });
      asked.on("response", (answer) => resolve(answer.resume().statusCode)).on("error", reject);
      asked.end();
    });
  expect(await ask({ host: "127.0.0.1" })).toBe(200);
  expect(await ask({ host: "rebound.example" })).toBe(403);
  expect(await ask({ via: "1.1 proxy" })).toBe(403);
});

test("served over HTTP, it takes writes of programs that use fetch", async () => {
  const dashboard = createDashboard({ ...options, authorize: () => "admin" });
  await using server = await serveHttp(dashboard, { port: 0, host: "127.0.0.1" });
  const { status } = await fetch(`${server.url}/api/queues/emails/pause`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-holdfast": "1" },
    body: "{}",
  });
  expect(status).toBe(200);
});

test("served over HTTP, what no web request can ask ends its connection and nothing else", async () => {
  await using server = await serveHttp(createDashboard(options), { port: 0, host: "127.0.0.1" });
  const traced = new Promise((resolve, reject) => {
    const asked = httpRequest(`${server.url}/livez`, { method: "TRACE", agent: false });
    asked.on("response", resolve).on("error", reject).end();
  });
  await expect(traced).rejects.toThrow("socket hang up");
  expect((await fetch(`${server.url}/livez`)).status).toBe(200);
});

test("served over HTTP, a stream comes as it flows, hears that its reader leaves, and keeps no server open", async () => {
  const gone: string[] = [];
  let flow: ReadableStreamDefaultController<string> | undefined;
  const handler = async (request: Request) => {
    request.signal.addEventListener("abort", () => gone.push(new URL(request.url).pathname));
    const stream = new ReadableStream<string>({ start: (controller) => void (flow = controller) });
    flow?.enqueue("first\n");
    return new Response(stream.pipeThrough(new TextEncoderStream()));
  };
  const server = await serveHttp(handler, { port: 0, host: "127.0.0.1" });
  const leaving = new AbortController();
  const { body } = await fetch(`${server.url}/leaves`, { signal: leaving.signal });
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toBe("first\n");
  flow?.enqueue("second\n");
  expect((await reader?.read())?.value).toBe("second\n");
  leaving.abort();
  await reader?.read().catch(() => {});
  await eventually("it hears so", async () => gone.includes("/leaves"));

  const staying = await fetch(`${server.url}/stays`);
  await server.close();
  await expect(staying.text()).rejects.toThrow();
  await eventually("the other hears so too", async () => gone.includes("/stays"));
});
