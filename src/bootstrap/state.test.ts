import { type AddressInfo, createServer, type Server } from "node:net";
import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { recordingLogger } from "../../test/support/recording-logger.ts";
import type { Environment } from "./environment.ts";
import { scrub } from "./scrub.ts";
import { openState, readStatePlan } from "./state.ts";
import { readJobsUrl } from "./state-urls.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A Redis that lets nobody in. */
async function refusingRedis(): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", () => socket.write("-WRONGPASS invalid username-password pair\r\n"));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function failureOf(env: Environment): Promise<unknown> {
  try {
    return await openState(readStatePlan(env), recordingLogger());
  } catch (error) {
    return error;
  }
}

describe("a password", () => {
  test("that Redis refuses is in no error", async () => {
    const port = await refusingRedis();
    const error = await failureOf({ REDIS_URL: `redis://ada:SE%2FCRET@127.0.0.1:${port}` });
    expect(error).toMatchObject({
      code: "STATE_UNREACHABLE",
      cause: { message: expect.stringContaining("WRONGPASS") as unknown },
    });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/SE(%2F|\/)CRET/);
  });

  test("is neither in the words of an error nor in those of its causes", () => {
    const secret = Object.assign(new Error("AUTH pass-word"), {
      command: ["pass-word"],
      code: "X",
    });
    const outer = new AggregateError([secret, new Error("second")], "", { cause: secret });
    const scrubbed = scrub(outer, "redis://ada:pass%2Dword@host");
    expect(scrubbed).toMatchObject({ message: "AUTH ***; second", cause: { code: "X" } });
    expect(inspect(scrubbed, { depth: 9, showHidden: true })).not.toContain("pass-word");
  });
});

describe("a URL that leads nowhere is STATE_NOT_CONFIGURED, and is not repeated", () => {
  test.each([
    ["REDIS_URL", "redis://ada:SECRET@h:99999"],
    ["REDIS_URL", "http://ada:SECRET@[bad"],
    ["REDIS_URL", "redis://ada:SECRET%E0@h"],
    ["REDIS_URL", "ada:SECRET@h"],
    ["DATABASE_URL", "postgres://ada:SECRET@h:99999/d"],
    ["HOLDFAST_URL", "postgres://ada:SECRET@h:99999/d"],
    ["HOLDFAST_URL", "mysql://ada:SECRET@h/d"],
  ])("%s=%s", async (name, url) => {
    const env = { [name]: url };
    const read = () => [readStatePlan(env), readJobsUrl(env)];
    expect(read).toThrow(coded("STATE_NOT_CONFIGURED", `${name} must be`));
    expect(read).not.toThrow(/SECRET/);
  });

  test("and so is a count that is none", () => {
    const read = () => readStatePlan({ HOLDFAST_PG_MAX_CONNECTIONS: "0" });
    expect(read).toThrow(coded("STATE_NOT_CONFIGURED", "HOLDFAST_PG_MAX_CONNECTIONS"));
  });
});

test.each([
  "postgres://h/d",
  "postgresql://ada:p%40ss@h:5432/d?sslmode=require",
  "postgres:///d?host=/run/postgresql",
  "postgres://ada@/d?host=/run/postgresql",
  "postgres://%2Frun%2Fpostgresql/d",
  "postgres://[::1]/d",
])("%s is a URL of PostgreSQL", (url) => {
  expect(readStatePlan({ DATABASE_URL: url }).urls).toEqual({ postgres: url, redis: undefined });
  expect(readJobsUrl({ HOLDFAST_URL: url })?.value).toBe(url);
});
