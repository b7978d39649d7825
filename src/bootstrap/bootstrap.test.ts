import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { freePort } from "../../test/support/free-port.ts";
import { type RecordingLogger, recordingLogger } from "../../test/support/recording-logger.ts";
import { startIssuer, type TokenIssuer } from "../../test/support/token-issuer.ts";
import type { Client } from "../core/client.ts";
import { defineJob } from "../core/define-job.ts";
import { currentAuth } from "../identity/current-auth.ts";
import { createWorker } from "../runtime/worker.ts";
import { bootstrap } from "./bootstrap.ts";
import type { BootstrapOptions } from "./bootstrap-options.ts";
import type { Environment } from "./environment.ts";
import type { Service } from "./service.ts";

let issuer: TokenIssuer;
let log: RecordingLogger;
let services: Service[] = [];

beforeEach(async () => {
  issuer = await startIssuer();
  log = recordingLogger();
});
afterEach(async () => {
  for (const service of services) await service.close();
  services = [];
  await issuer.close();
});

const quiet = { telemetry: "none", signals: false } as const;

async function begin(env: Environment, options: BootstrapOptions = {}): Promise<Service> {
  const service = await bootstrap("reports", { ...quiet, logger: log, env, ...options });
  services.push(service);
  return service;
}

const mine = async () => (await currentAuth().current()).token();

describe("a service", () => {
  test("says that it begins and what it has, mints its identity and is given its name", async () => {
    const env = { HOLDFAST_AUTH_SERVICE_TOKEN_URL: issuer.url };
    const service = await begin(env);
    expect(log.lines.map(({ level, message, fields }) => [level, message, fields])).toEqual([
      ["info", "job bootstrapping", { name: "reports" }],
      [
        "info",
        "job ready",
        { name: "reports", subject: "reports", hasPg: false, hasRedis: false, hasJobs: false },
      ],
    ]);
    expect(issuer.calls).toHaveLength(1);
    service.log.info({ rows: 3 }, "sent");
    expect(log.said("sent")).toMatchObject([{ fields: { service: "reports", rows: 3 } }]);
  });

  test.each<[string, Environment, unknown]>([
    [
      "its own names",
      { HOLDFAST_AUTH_SERVICE_AUDIENCE: "a", HOLDFAST_AUTH_SERVICE_TOKEN_SCOPES: "r, w,," },
      { audience: "a", scopes: ["r", "w"] },
    ],
    [
      "tonin's names",
      { TONIN_AUTH_SERVICE_AUDIENCE: "a", TONIN_AUTH_SERVICE_TOKEN_SCOPES: "r" },
      { audience: "a", scopes: ["r"] },
    ],
    [
      "its own before tonin's",
      { HOLDFAST_AUTH_SERVICE_AUDIENCE: "a", TONIN_AUTH_SERVICE_AUDIENCE: "b" },
      { audience: "a", scopes: [] },
    ],
  ])("reads the environment by %s", async (_how, env, asked) => {
    await begin({ TONIN_AUTH_SERVICE_TOKEN_URL: issuer.url, ...env });
    expect(JSON.parse(issuer.calls[0]?.body ?? "")).toEqual(asked);
  });

  test("proves who it is by what the environment holds", async () => {
    const url = { HOLDFAST_AUTH_SERVICE_TOKEN_URL: issuer.url };
    await begin({ ...url, HOLDFAST_AUTH_SERVICE_CREDENTIAL: "mine" });
    issuer.answer(() => ({ body: { access_token: "by-oauth" } }));
    const id = { HOLDFAST_AUTH_SERVICE_CLIENT_ID: "reports" };
    const service = await begin({ ...url, ...id, HOLDFAST_AUTH_SERVICE_CLIENT_SECRET: "secret" });
    expect((await service.auth.current()).token()).toBe("by-oauth");
    const sent = issuer.calls.map(({ headers }) => headers.authorization);
    expect(sent).toEqual(["Bearer mine", `Basic ${btoa("reports:secret")}`]);
  });

  test("runs its job under its identity, and is closed afterwards", async () => {
    const service = await begin({
      HOLDFAST_AUTH_SERVICE_TOKEN_URL: issuer.url,
      HOLDFAST_URL: "sqlite::memory:",
    });
    const { client } = service;
    await expect(service.run(mine)).resolves.toBe("token-1");
    await expect(client.jobs.list()).rejects.toThrow(coded("CLIENT_CLOSED"));
    expect(log.said("job done")).toHaveLength(1);
  });

  test("is closed at the end of its block as well", async () => {
    const env = { HOLDFAST_URL: "sqlite::memory:" };
    const clients: Client[] = [];
    {
      await using service = await begin(env, { identity: "none" });
      clients.push(service.client);
      await expect(service.client.jobs.list()).resolves.toMatchObject({ jobs: [] });
    }
    await expect(clients[0]?.jobs.list()).rejects.toThrow(coded("CLIENT_CLOSED"));
  });

  test("closes itself when its job throws, and throws the same", async () => {
    const service = await begin({ HOLDFAST_URL: "sqlite::memory:" }, { identity: "none" });
    const { client } = service;
    const error = new Error("broken");
    await expect(service.run(() => Promise.reject(error))).rejects.toBe(error);
    await expect(client.jobs.list()).rejects.toThrow(coded("CLIENT_CLOSED"));
    expect(log.said("job failed")).toMatchObject([{ level: "error", fields: { error } }]);
  });

  test("runs the handlers of its workers under its identity, also after awaits and for children, and stores no token", async () => {
    const service = await begin({
      HOLDFAST_AUTH_SERVICE_TOKEN_URL: issuer.url,
      HOLDFAST_URL: "sqlite::memory:",
    });
    const seen: string[] = [];
    const child = defineJob({ name: "child" });
    const parent = defineJob({ name: "parent" });
    const { client } = service;
    const worker = createWorker(client, {
      handlers: [
        parent.handler(async (_payload, job) => {
          await new Promise((resolve) => setImmediate(resolve));
          seen.push(`parent ${await mine()}`);
          await job.enqueue(child, null);
        }),
        child.batchHandler({ size: 2 }, async () => void seen.push(`child ${await mine()}`)),
      ],
    });
    await worker.start();
    // Enqueued by nobody in particular, so that what is found is the worker's own.
    const { id } = await client.enqueue(parent, null);
    await client.handle(id).result({ timeout: "5s" });
    await vi.waitFor(() => expect(seen).toEqual(["parent token-1", "child token-1"]));
    const { jobs } = await client.jobs.list();
    await worker.stop();
    expect(jobs).toHaveLength(2);
    expect(JSON.stringify(jobs)).not.toContain("token-1");
  });
});

describe("what cannot begin", () => {
  test("without anything that says where tokens come from is IDENTITY_NOT_CONFIGURED", async () => {
    await expect(begin({})).rejects.toThrow(coded("IDENTITY_NOT_CONFIGURED"));
  });

  test("without its issuer is IDENTITY_UNREACHABLE", async () => {
    await issuer.close();
    const begun = begin({}, { identity: { url: issuer.url, patience: 0 } });
    await expect(begun).rejects.toThrow(coded("IDENTITY_UNREACHABLE"));
  });

  test.each([
    ["REDIS_URL", "redis"],
    ["DATABASE_URL", "postgres"],
    ["HOLDFAST_URL", "postgres"],
  ])(
    "without what %s leads to is STATE_UNREACHABLE, and the password is not repeated",
    async (name, scheme) => {
      const port = await freePort();
      const env = { [name]: `${scheme}://ada:pass-word@127.0.0.1:${port}/0` };
      const begun = begin(env, { identity: "none" });
      await expect(begun).rejects.toThrow(coded("STATE_UNREACHABLE", name));
      await expect(begun).rejects.not.toThrow(/pass-word/);
    },
  );

  test.each<[BootstrapOptions, string]>([
    [{ drain: -1 }, "drain"],
    [{ identity: "nobody" } as unknown as BootstrapOptions, "identity"],
  ])("with %j is INVALID_OPTION", async (options, says) => {
    await expect(begin({}, options)).rejects.toThrow(coded("INVALID_OPTION", says));
  });

  test("with a database of the jobs that answers and cannot be used is told as that", async () => {
    const env = { HOLDFAST_URL: `sqlite:${fileURLToPath(import.meta.url)}` };
    await expect(begin(env, { identity: "none" })).rejects.toThrow(coded("STORAGE_INVALID"));
  });

  test("and has opened something closes it again", async () => {
    const env = { HOLDFAST_AUTH_SERVICE_TOKEN_URL: issuer.url, HOLDFAST_URL: "mysql://x" };
    await expect(begin(env)).rejects.toThrow(coded("STATE_NOT_CONFIGURED", "sqlite:"));
    expect(issuer.calls).toEqual([]);
    expect(process.listenerCount("SIGTERM")).toBe(listeners);
  });
  const listeners = process.listenerCount("SIGTERM");
});

describe("what is half said of who asks", () => {
  const named = (names: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(names).map(([name, value]) => [`HOLDFAST_AUTH_SERVICE_${name}`, value]),
    );

  test.each<[Readonly<Record<string, string>>, string]>([
    [{ CLIENT_ID: "a" }, "HOLDFAST_AUTH_SERVICE_CLIENT_SECRET is missing"],
    [{ CLIENT_SECRET: "a" }, "HOLDFAST_AUTH_SERVICE_CLIENT_ID is missing"],
    [{ CLIENT_ID: "a", CLIENT_SECRET: "b", CREDENTIAL: "c" }, "both set"],
  ])("is IDENTITY_NOT_CONFIGURED: %j", async (names, says) => {
    const begun = begin(named({ TOKEN_URL: issuer.url, ...names }));
    await expect(begun).rejects.toThrow(coded("IDENTITY_NOT_CONFIGURED", says));
    expect(issuer.calls).toEqual([]);
  });

  test("counts for nothing where the application says it", async () => {
    const env = named({ TOKEN_URL: issuer.url, CLIENT_ID: "a", CLIENT_SECRET: "b" });
    await begin(env, { identity: { credential: "mine" } });
    expect(issuer.calls).toMatchObject([{ headers: { authorization: "Bearer mine" } }]);
  });
});

describe("state that was not set", () => {
  test.each<[string, (service: Service) => unknown, string]>([
    ["PostgreSQL", ({ state }) => state.pg(), "DATABASE_URL"],
    ["Redis", ({ state }) => state.redis(), "REDIS_URL"],
    ["jobs", ({ client }) => client, "HOLDFAST_URL"],
  ])("is STATE_NOT_CONFIGURED when it is used: %s", async (_what, use, says) => {
    const service = await begin({}, { identity: "none" });
    expect(() => use(service)).toThrow(coded("STATE_NOT_CONFIGURED", says));
  });

  test("is also the jobs' of a service that has nothing to do with them", async () => {
    const env = { DATABASE_URL: "sqlite::memory:" };
    const service = await begin(env, { identity: "none", client: "none" });
    expect(() => service.client).toThrow(coded("STATE_NOT_CONFIGURED", "HOLDFAST_URL"));
    const other = await begin(env, { identity: "none" });
    await expect(other.client.jobs.list()).resolves.toMatchObject({ jobs: [] });
  });
});
