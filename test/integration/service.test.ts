import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { startCallee } from "../../examples/service/callee.mjs";
import { startIssuer } from "../../examples/service/issuer.mjs";
import { freePort } from "../support/free-port.ts";
import { type FreshDatabase, freshDatabase } from "../support/fresh-database.ts";
import { type OtlpCollector, startCollector } from "../support/otlp-collector.ts";
import { hasRedis, type RedisServer, startRedis } from "../support/redis-server.ts";
import { startService } from "./service-process.ts";

const credential = "credential-of-the-greeter";
const services = { [credential]: { subject: "greeter", scopes: ["greet"] } };
const quiet = { HOLDFAST_TELEMETRY: "off" };
const redisHere = hasRedis();

let issuer: Awaited<ReturnType<typeof startIssuer>>;
let callee: Awaited<ReturnType<typeof startCallee>>;
let database: FreshDatabase;
let redis: RedisServer | undefined;
const closed: { close(): Promise<unknown> }[] = [];

beforeAll(async () => {
  issuer = await startIssuer(services);
  callee = await startCallee(issuer, "greetings");
  database = await freshDatabase(inject("databaseUrl"));
  if (redisHere) redis = await startRedis();
});
afterAll(async () => {
  await redis?.stop();
  await database.drop();
  await callee.close();
  await issuer.close();
});
afterEach(async () => {
  for (const each of closed.splice(0)) await each.close();
});

function closing<Closable extends { close(): Promise<unknown> }>(closable: Closable): Closable {
  closed.push(closable);
  return closable;
}

/** What makes a service of the issuer. */
const identity = (of = issuer) => ({
  HOLDFAST_AUTH_SERVICE_TOKEN_URL: of.tokenUrl,
  HOLDFAST_AUTH_SERVICE_CREDENTIAL: credential,
  HOLDFAST_AUTH_SERVICE_AUDIENCE: "greetings",
  HOLDFAST_AUTH_SERVICE_TOKEN_SCOPES: "greet, rule-the-world",
});

function start(mode: string, env: Readonly<Record<string, string>>, url = callee.url) {
  return closing(startService([mode, url], env));
}

async function collect(): Promise<OtlpCollector> {
  return closing(await startCollector());
}

const interrupted = expect.stringContaining("SIGTERM arrived") as unknown;

/** A server that lets everybody in and says nothing. */
async function startSilence() {
  const sockets: Socket[] = [];
  let heard = (): void => {};
  const asked = new Promise<void>((resolve) => (heard = resolve));
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {}).once("data", () => heard());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return closing({
    port,
    asked,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  });
}

/** Nothing of a token may show: the parts of a JWT begin like this. */
const noToken = expect.not.stringContaining("eyJ") as unknown;

describe("a service in a process of its own", () => {
  test.skipIf(!redisHere)(
    "begins, runs jobs on PostgreSQL, is let in by a callee that verifies it, uses Redis, and ends with 0 (redis-server)",
    async () => {
      const state = { DATABASE_URL: database.url, REDIS_URL: redis?.url ?? "" };
      const collector = await collect();
      const service = start("work", { ...identity(), ...state, ...collector.env });
      const { code, output } = await service.ended;
      expect({ code, output }).toEqual({ code: 0, output: noToken });
      expect(service.said).toEqual([
        { status: 200, hello: "greeter" },
        { redis: "yes", rows: [{ one: 1 }] },
        { stored: noToken },
      ]);
      expect(output).toMatch(/job bootstrapping name=greeter\n/);
      expect(output).toMatch(/job ready name=greeter subject=greeter hasPg=true hasRedis=true/);
      expect(collector.services()).toContain("greeter");
      expect(collector.spans().map(({ name }) => name)).toContain("process default");
      const { traceparent } = callee.calls.at(-1) ?? {};
      const traces = collector.spans().map(({ traceId }) => traceId);
      expect(traces).toContain(String(traceparent).split("-")[1]);
    },
  );

  test("lives on without its issuer until its token expires, and then ends with 69", async () => {
    const mortal = closing(await startIssuer(services, { seconds: 3 }));
    const friend = closing(await startCallee(mortal, "greetings"));
    const service = start("call", { ...identity(mortal), ...quiet }, friend.url);
    await service.saying("it is let in", isOk);
    await mortal.close();
    const before = service.said.length;
    const { code, output } = await service.ended;
    expect(service.said.length).toBeGreaterThan(before + 3);
    expect(service.said.every(isOk)).toBe(true);
    expect(output).toContain("could not renew the service's token");
    expect(output).toContain("IDENTITY_UNREACHABLE");
    expect({ code, output }).toEqual({ code: 69, output: noToken });
  });

  test("whose job throws ends with 1, and the spans of the last job are sent all the same", async () => {
    const collector = await collect();
    const jobs = { HOLDFAST_URL: "sqlite::memory:" };
    const service = start("throw", { ...identity(), ...jobs, ...collector.env });
    const { code, output } = await service.ended;
    expect(code).toBe(1);
    expect(output).toContain("the body broke");
    expect(collector.spans().map(({ name }) => name)).toContain("process default");
  });
});

describe("the exit code", () => {
  interface Case {
    readonly name: string;
    readonly code: number;
    readonly says: string;
    env(): Promise<Readonly<Record<string, string>>>;
  }
  const nowhere = async (scheme: string) => `${scheme}://127.0.0.1:${await freePort()}/0`;
  const cases: readonly Case[] = [
    {
      name: "no issuer is named",
      code: 78,
      says: "IDENTITY_NOT_CONFIGURED",
      env: async () => ({}),
    },
    {
      name: "the issuer is not there",
      code: 69,
      says: "IDENTITY_UNREACHABLE",
      env: async () => ({ TONIN_AUTH_SERVICE_TOKEN_URL: await nowhere("http") }),
    },
    {
      name: "the issuer does not know it",
      code: 77,
      says: "IDENTITY_REFUSED",
      env: async () => ({ ...identity(), HOLDFAST_AUTH_SERVICE_CREDENTIAL: "another" }),
    },
    {
      name: "PostgreSQL is not there",
      code: 74,
      says: "DATABASE_URL is set",
      env: async () => ({ ...identity(), DATABASE_URL: await nowhere("postgres") }),
    },
    {
      name: "Redis is not there",
      code: 74,
      says: "REDIS_URL is set",
      env: async () => ({ ...identity(), REDIS_URL: await nowhere("redis") }),
    },
  ];

  test("is that of what failed", { timeout: 30_000 }, async () => {
    const ends = cases.map(async ({ env }) => start("work", { ...quiet, ...(await env()) }).ended);
    for (const [index, end] of (await Promise.all(ends)).entries()) {
      const { name, code, says } = cases[index] ?? {};
      expect({ name, code: end.code }).toEqual({ name, code });
      expect(end.output).toContain(says);
      expect(end.output).toContain("job could not begin");
    }
  });

  test("after SIGTERM is 143 for work that was interrupted or goes on too long, and 0 for work that ends well", async () => {
    const env = { ...identity(), HOLDFAST_URL: "sqlite::memory:" };
    const noCollector = {
      OTEL_EXPORTER_OTLP_ENDPOINT: await nowhere("http"),
      OTEL_EXPORTER_OTLP_TIMEOUT: "500",
    };
    const ends = ["wait", "ignore", "consume"].map(async (mode) => {
      const service = start(mode, { ...env, ...(mode === "consume" ? noCollector : quiet) });
      await service.saying(`${mode} has begun`, () => true);
      service.signal("SIGTERM");
      return service.ended;
    });
    const [wait, ignore, consume] = await Promise.all(ends);
    expect([wait?.code, ignore?.code, consume?.code]).toEqual([143, 143, 0]);
    // That nobody takes its telemetry is one warning.
    expect(consume?.output.match(/ warn .*telemetry/g)).toHaveLength(1);
  });

  test("is 143 also when SIGTERM arrives while what it needs keeps it waiting, and at once", async () => {
    const silences = [
      { name: "HOLDFAST_AUTH_SERVICE_TOKEN_URL", scheme: "http", mode: "wait" },
      { name: "DATABASE_URL", scheme: "postgres", mode: "anonymous" },
      { name: "REDIS_URL", scheme: "redis", mode: "anonymous" },
      { name: "HOLDFAST_URL", scheme: "postgres", mode: "anonymous" },
    ];
    const ends = silences.map(async ({ name, scheme, mode }) => {
      const silent = await startSilence();
      const service = start(mode, { ...quiet, [name]: `${scheme}://127.0.0.1:${silent.port}/` });
      await silent.asked;
      service.signal("SIGTERM");
      const { code, output } = await service.ended;
      await silent.close();
      expect({ name, code, output }).toEqual({ name, code: 143, output: interrupted });
      expect(output).not.toContain("did not stop in time");
    });
    await Promise.all(ends);
  });

  test.each(["DATABASE_URL=postgres", "HOLDFAST_URL=postgres", "REDIS_URL=redis"])(
    "is 78 for a URL that leads nowhere, whatever it was for: %s",
    async (variable) => {
      const [name = "", scheme] = variable.split("=");
      const env = { ...quiet, [name]: `${scheme}://ada:SECRET@localhost:99999/0` };
      const { code, output } = await start("anonymous", env).ended;
      expect({ code, output }).toEqual({
        code: 78,
        output: expect.stringContaining(name) as unknown,
      });
      expect(output).not.toContain("SECRET");
    },
  );

  test("is 0 for a service that wants no identity", async () => {
    const service = start("anonymous", quiet);
    expect((await service.ended).code).toBe(0);
    expect(service.said).toEqual([{ kind: "anonymous" }]);
  });
});

function isOk(said: unknown): boolean {
  return typeof said === "object" && said !== null && "status" in said && said.status === 200;
}
