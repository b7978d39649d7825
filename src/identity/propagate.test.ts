import { createServer, IncomingMessage, request as httpRequest, ServerResponse } from "node:http";
import { type AddressInfo, Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { anonymousAuth, createAuth } from "./auth.ts";
import { createAuthContext } from "./auth-context.ts";
import { actAs, currentAuth } from "./current-auth.ts";
import type { Propagatable } from "./propagate.ts";

const facts = { subject: "me", issuer: "", audience: "", scopes: [], expiresAt: null } as const;
const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const auth = named("secret", `${traceparent} vendor=1,other=2`);
const expected = { authorization: "Bearer secret", traceparent, tracestate: "vendor=1,other=2" };

function named(token: string, trace?: string) {
  const context = createAuthContext({ ...facts, kind: "service" }, token);
  return createAuth({ current: async () => context, trace: () => trace });
}

/** What gRPC's metadata has, as far as it matters. */
class Metadata {
  readonly #values = new Map<string, string>();
  set(key: string, value: string): void {
    this.#values.set(key, value);
  }
  add(key: string, value: string): void {
    this.#values.set(key, `${this.#values.get(key)},${value}`);
  }
  getMap() {
    return Object.fromEntries(this.#values);
  }
}

describe("an identity is put on", () => {
  test("Headers, replacing what was there", async () => {
    const headers = await auth.propagate(new Headers({ Authorization: "Basic x", accept: "a/b" }));
    expect(Object.fromEntries(headers)).toEqual({ ...expected, accept: "a/b" });
  });

  test("a Request", async () => {
    const request = await auth.propagate(new Request("http://localhost/", { method: "POST" }));
    expect(Object.fromEntries(request.headers)).toEqual(expected);
  });

  test.each<[string, { headers?: unknown }, unknown]>([
    ["without headers", { method: "POST" } as object, expected],
    ["with a record", { headers: { Authorization: "x", a: "b" } }, { ...expected, a: "b" }],
    [
      "with a list",
      {
        headers: [
          ["AUTHORIZATION", "x"],
          ["a", "b"],
        ],
      },
      { ...expected, a: "b" },
    ],
    ["with Headers", { headers: new Headers({ a: "b" }) }, { ...expected, a: "b" }],
  ])("the options of fetch, %s", async (_how, init, headers) => {
    const given = await auth.propagate(init);
    expect(given).toBe(init);
    const request = new Request("http://localhost/", given as RequestInit);
    expect(Object.fromEntries(request.headers)).toEqual(headers);
  });

  test("a request of node:http, and what fetch sends", async () => {
    const seen: unknown[] = [];
    const server = createServer(({ headers }, response) => {
      const { authorization, traceparent: parent, tracestate } = headers;
      seen.push({ authorization, traceparent: parent, tracestate });
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const request = await auth.propagate(httpRequest({ host: "127.0.0.1", port, agent: false }));
    await new Promise((resolve) => request.on("response", resolve).end());
    await auth.fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: "x" });
    server.close();
    server.closeAllConnections();
    expect(seen).toEqual([expected, expected]);
  });

  test.each<[string, unknown[], unknown[]]>([
    ["flat", ["accept", "*/*", "Authorization", "x"], ["accept", "*/*"]],
    [
      "of pairs",
      [
        ["accept", "*/*"],
        ["AUTHORIZATION", "x"],
      ],
      [["accept", "*/*"]],
    ],
  ])("the options of http.request, with a list that is %s", async (_how, headers, others) => {
    const bare = named("secret");
    await bare.propagate({ headers });
    await bare.propagate({ headers });
    const added = ["authorization", "Bearer secret"];
    const isFlat = typeof headers[0] === "string";
    expect(headers).toEqual(isFlat ? [...others, ...added] : [...others, added]);
    const request = httpRequest({ host: "127.0.0.1", port: 1, headers: headers as string[] });
    request.on("error", () => {}).destroy();
  });

  test.each([[["accept"]], [["accept", 1]], [[["accept", "a", "b"]]], [["a", ["b", "c"]]]])(
    "no list that is wrong, before a token is in it: %j",
    async (headers: unknown[]) => {
      const before = structuredClone(headers);
      const given = auth.propagate({ headers });
      await expect(given).rejects.toThrow(coded("INVALID_OPTION", "in turn"));
      expect(headers).toEqual(before);
    },
  );

  test("gRPC metadata, and a Map", async () => {
    const metadata = new Metadata();
    await auth.propagate(metadata);
    expect(metadata.getMap()).toEqual(expected);
    expect(Object.fromEntries(await auth.propagate(new Map<string, string>()))).toEqual(expected);
  });

  test.each([
    undefined,
    null,
    "text",
    7,
    () => {},
    [],
    new Date(),
    { headers: "a: b" },
    new URLSearchParams(),
    new FormData(),
    new Uint8Array(),
    { headers: new URLSearchParams() },
    new ServerResponse(new IncomingMessage(new Socket())),
  ])("nothing that takes no headers: %s", async (value) => {
    const given = auth.propagate(value as unknown as Propagatable);
    await expect(given).rejects.toThrow(coded("INVALID_OPTION", "gRPC Metadata"));
  });

  test("without telemetry alone, and by nobody only the trace", async () => {
    const without = await named("secret").propagate(new Headers());
    expect(Object.fromEntries(without)).toEqual({ authorization: "Bearer secret" });
    const nobody = await anonymousAuth(() => traceparent).propagate(new Headers());
    expect(Object.fromEntries(nobody)).toEqual({ traceparent });
  });
});

describe("the identity around", () => {
  const pause = () => new Promise((resolve) => setTimeout(resolve, 1));
  const mine = async () => (await currentAuth().current()).token();

  test("is found after awaits, in calls and in timers, each caller its own", async () => {
    const act = (token: string) =>
      actAs(named(token), async () => {
        await pause();
        const late = new Promise<string>((resolve) => setTimeout(() => resolve(mine()), 1));
        return [await mine(), await late, await pause().then(mine)];
      });
    expect(await Promise.all([act("a"), act("b")])).toEqual([
      ["a", "a", "a"],
      ["b", "b", "b"],
    ]);
  });

  test("is an error where there is none, rather than nobody", () => {
    expect(() => currentAuth()).toThrow(coded("IDENTITY_NOT_CONFIGURED", "service.run"));
  });
});
