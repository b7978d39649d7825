import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { recordingLogger, type RecordingLogger } from "../../test/support/recording-logger.ts";
import { jwt, startIssuer, type TokenIssuer } from "../../test/support/token-issuer.ts";
import { createIdentity, type Identity } from "./identity.ts";
import { type IdentityOptions, identitySettings } from "./identity-options.ts";

let issuer: TokenIssuer;
let log: RecordingLogger;
let opened: Identity[] = [];

beforeEach(async () => {
  issuer = await startIssuer();
  log = recordingLogger();
});
afterEach(async () => {
  for (const identity of opened) identity.stop();
  opened = [];
  vi.useRealTimers();
  await issuer.close();
});

function open(options: IdentityOptions = {}) {
  const settings = identitySettings("reports", { url: issuer.url, patience: 0, ...options });
  const identity = createIdentity(settings, log, () => undefined);
  opened.push(identity);
  return identity.auth;
}

/** Time that moves when told to, while sockets work as ever. */
function holdTime(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
}

const answerFor = (seconds: number) => (_call: unknown, number: number) => ({
  body: { token: `token-${number}`, expires_in: seconds },
});

describe("a token", () => {
  test("is asked for by audience and scopes, and is an identity of the service", async () => {
    const auth = open({ audience: "billing", scopes: ["read", "write"], credential: "who-I-am" });
    const context = await auth.current();
    expect(context).toMatchObject({
      subject: "reports",
      issuer: new URL(issuer.url).origin,
      audience: "billing",
      scopes: ["read", "write"],
      kind: "service",
    });
    expect(context.token()).toBe("token-1");
    expect(Math.abs((context.expiresAt?.getTime() ?? 0) - Date.now() - 60_000)).toBeLessThan(5_000);
    expect(issuer.calls).toMatchObject([{ headers: { authorization: "Bearer who-I-am" } }]);
    expect(JSON.parse(issuer.calls[0]?.body ?? "")).toEqual({
      audience: "billing",
      scopes: ["read", "write"],
    });
  });

  test("is asked for with no credential where there is none, for the service's own name", async () => {
    await open().current();
    expect(issuer.calls[0]?.headers.authorization).toBeUndefined();
    expect(JSON.parse(issuer.calls[0]?.body ?? "")).toEqual({ audience: "reports", scopes: [] });
  });

  test("that is a JWT says whose it is, what it may do and how long", async () => {
    const exp = Math.floor(Date.now() / 1_000) + 120;
    const token = jwt({ sub: "service-7", iss: "https://issuer", scope: "read", exp });
    issuer.answer(() => ({ body: { token } }));
    const context = await open({ scopes: ["read", "write"] }).current();
    expect(context).toMatchObject({
      subject: "service-7",
      issuer: "https://issuer",
      scopes: ["read"],
    });
    expect(Math.abs((context.expiresAt?.getTime() ?? 0) - exp * 1_000)).toBeLessThan(2_000);
  });

  test("is good for an hour when nobody says how long", async () => {
    issuer.answer(() => ({ body: { token: "opaque" } }));
    const { expiresAt } = await open().current();
    expect(Math.abs((expiresAt?.getTime() ?? 0) - Date.now() - 3_600_000)).toBeLessThan(5_000);
  });

  test("comes by OAuth 2 client credentials as well", async () => {
    issuer.answer(() => ({
      body: { access_token: "oauth-token", token_type: "Bearer", expires_in: 60, scope: "read" },
    }));
    const oauth = { id: "reports", secret: "s3:cret" };
    const context = await open({ oauth, scopes: ["read", "write"] }).current();
    expect(context.token()).toBe("oauth-token");
    expect(context.scopes).toEqual(["read"]);
    const [call] = issuer.calls;
    const basic = Buffer.from("reports:s3%3Acret").toString("base64");
    expect(call?.headers.authorization).toBe(`Basic ${basic}`);
    expect(call?.body).toBe("grant_type=client_credentials&scope=read+write");
  });

  test("comes from a function of the application's own", async () => {
    const mint = vi.fn(async () => ({ token: "own", kind: "agent", expiresIn: 5 }) as const);
    const context = await open({ mint, scopes: ["read"] }).current();
    expect(context).toMatchObject({ kind: "agent", subject: "reports", scopes: ["read"] });
    expect(mint).toHaveBeenCalledWith(
      expect.objectContaining({ audience: "reports", scopes: ["read"] }),
    );
  });
});

describe("the life of a token", () => {
  test.each([2, "2", "2.0"])("is %j seconds, as number or text", async (expiresIn) => {
    issuer.answer(() => ({ body: { token: "brief", expires_in: expiresIn } }));
    const { expiresAt } = await open().current();
    expect(Math.abs((expiresAt?.getTime() ?? 0) - Date.now() - 2_000)).toBeLessThan(1_900);
  });

  test("may be longer than a date can say", async () => {
    const { expiresAt } = await open({
      mint: async () => ({ token: "x", expiresIn: 1e300 }),
    }).current();
    expect(expiresAt?.getTime()).toBeGreaterThan(Date.now());
  });

  test("that is all but over makes nobody ask without a pause", async () => {
    holdTime();
    const mint = vi.fn(async () => ({ token: "brief", expiresIn: 1 }));
    await open({ mint }).current();
    await vi.advanceTimersByTimeAsync(5_500);
    expect(mint.mock.calls.length).toBeGreaterThan(2);
    expect(mint.mock.calls.length).toBeLessThan(8);
  });
});

describe("a credential from a function", () => {
  test.each<[string, () => string, Parameters<typeof coded>]>([
    ["that fails", () => fail("vault is sealed"), ["IDENTITY_UNREACHABLE", "gives the credential"]],
    ["that gives nothing", () => "", ["IDENTITY_NOT_CONFIGURED", "must give text"]],
  ])("%s is told as such", async (_how, credential, expected) => {
    await expect(open({ credential }).current()).rejects.toThrow(coded(...expected));
    const oauth = { id: "a", secret: credential };
    await expect(open({ oauth }).current()).rejects.toThrow(coded(...expected));
    expect(issuer.calls).toEqual([]);
  });
  const fail = (message: string): never => {
    throw new Error(message);
  };
});

describe("the token at hand", () => {
  test("is one for any number of callers at once", async () => {
    const auth = open();
    const contexts = await Promise.all(Array.from({ length: 50 }, () => auth.current()));
    expect(new Set(contexts.map((context) => context.token()))).toEqual(new Set(["token-1"]));
    expect(issuer.calls).toHaveLength(1);
  });

  test("is renewed in the background before it expires", async () => {
    holdTime();
    const auth = open();
    await auth.current();
    await vi.advanceTimersByTimeAsync(46_000);
    expect(issuer.calls).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    await vi.waitFor(async () => expect((await auth.current()).token()).toBe("token-2"));
  });

  test("outlives its issuer until it expires, with one warning, and then it is an error", async () => {
    holdTime();
    const auth = open();
    await auth.current();
    await issuer.close();
    await vi.advanceTimersByTimeAsync(49_000);
    await vi.waitFor(() => expect(log.lines).toHaveLength(1));
    await vi.advanceTimersByTimeAsync(8_000);
    expect((await auth.current()).token()).toBe("token-1");
    await vi.advanceTimersByTimeAsync(4_000);
    await expect(auth.current()).rejects.toThrow(coded("IDENTITY_UNREACHABLE", "ECONNREFUSED"));
    await expect(auth.propagate(new Headers())).rejects.toThrow(coded("IDENTITY_UNREACHABLE"));
    expect(log.lines).toMatchObject([{ level: "warn" }]);
  });

  test("counts as expired once the wall clock says so, as after a sleep", async () => {
    const auth = open();
    await auth.current();
    vi.setSystemTime(Date.now() + 3_600_000);
    expect((await auth.current()).token()).toBe("token-2");
  });

  test("is renewed again after an outage", async () => {
    holdTime();
    const auth = open();
    await auth.current();
    issuer.answer(() => ({ status: 503, body: "later" }));
    await vi.advanceTimersByTimeAsync(49_000);
    await vi.waitFor(() => expect(log.lines).toHaveLength(1));
    issuer.answer(answerFor(60));
    const asked = issuer.calls.length;
    // In the background, while the old one is still good.
    await vi.advanceTimersByTimeAsync(6_000);
    await vi.waitFor(() => expect(issuer.calls.length).toBeGreaterThan(asked));
    await vi.waitFor(async () => expect((await auth.current()).token()).not.toBe("token-1"));
  });
});

test("a token is not sent in its last second, because a JWT's times are whole seconds", async () => {
  holdTime();
  issuer.answer(answerFor(3));
  const auth = open({ patience: 0 });
  await auth.current();
  await issuer.close();
  await vi.advanceTimersByTimeAsync(1_900);
  expect((await auth.current()).token()).toBe("token-1");
  await vi.advanceTimersByTimeAsync(200);
  await expect(auth.current()).rejects.toThrow(coded("IDENTITY_UNREACHABLE"));
});

describe("an issuer", () => {
  test("that cannot answer now is asked again, for as long as there is patience", async () => {
    issuer.answer((_call, number) =>
      number < 3 ? { status: 503, body: "starting" } : { body: { token: "late" } },
    );
    expect((await open({ patience: "10s" }).current()).token()).toBe("late");
    expect(issuer.calls).toHaveLength(3);
  });

  test("that is not there is IDENTITY_UNREACHABLE", async () => {
    await issuer.close();
    await expect(open().current()).rejects.toThrow(coded("IDENTITY_UNREACHABLE", issuer.url));
  });

  test.each([
    [401, { error: "invalid_client" }, "status 401 (invalid_client)"],
    [403, "<html>", "status 403"],
    [200, "<html>", "no JSON object"],
    [200, { access: "x" }, "no token"],
    [200, { token: "" }, "empty"],
    [200, { token: "two\nlines" }, "characters"],
    [200, { token: "old", expires_in: 0 }, "expired already"],
    [200, { token: "odd", expires_in: "soon" }, "no number"],
    [200, { token: "odd", expires_in: true }, "no number"],
  ])(
    "that answers %i %j is IDENTITY_REFUSED and is not asked again",
    async (status, body, says) => {
      issuer.answer(() => ({ status, body }));
      const auth = open({ patience: "10s" });
      await expect(auth.current()).rejects.toThrow(coded("IDENTITY_REFUSED", says));
      expect(issuer.calls).toHaveLength(1);
    },
  );

  test("that sends the request elsewhere does not get there", async () => {
    const elsewhere = await startIssuer();
    issuer.answer(() => ({ status: 307, location: elsewhere.url, body: "" }));
    const sent = open({ credential: "mine", patience: "10s" }).current();
    await expect(sent).rejects.toThrow(coded("IDENTITY_REFUSED", "it redirects"));
    expect(elsewhere.calls).toEqual([]);
    expect(issuer.calls).toHaveLength(1);
    await elsewhere.close();
  });
});

describe("secrets", () => {
  const secrets = ["token-1", "token-2", "my-credential", "bad\ncredential"];

  test("are in nothing that is logged, shown or thrown", async () => {
    holdTime();
    const auth = open({ credential: "my-credential" });
    const context = await auth.current();
    const shown: unknown[] = [context, auth, log.lines];
    await issuer.close();
    await vi.advanceTimersByTimeAsync(49_000);
    await vi.waitFor(() => expect(log.lines).toHaveLength(1));
    await vi.advanceTimersByTimeAsync(20_000);
    shown.push(await auth.current().catch((error: unknown) => error));
    shown.push(
      await open({ credential: "bad\ncredential" })
        .current()
        .catch((error: unknown) => error),
    );
    const text = shown.map(
      (value) => inspect(value, { depth: 9, showHidden: true }) + JSON.stringify(value),
    );
    for (const secret of secrets) expect(text.join("\n")).not.toContain(secret);
    expect(shown[3]).toMatchObject({ code: "IDENTITY_UNREACHABLE" });
    expect(shown[4]).toMatchObject({ code: "IDENTITY_NOT_CONFIGURED" });
  });

  test.each<[unknown, string]>([
    [{ url: "https://ada:pass-word@issuer/" }, "without a password"],
    [{ url: "pass-word" }, "https://"],
    [{ credential: { pass: "pass-word" } }, "credential"],
    [{ oauth: { id: "a", secret: { pass: "pass-word" } } }, "oauth.secret"],
    [{ url: "https://issuer/", oauth: { id: "a" } }, "oauth.secret is missing"],
    [
      { url: "https://issuer/", oauth: { id: "a", secret: "b" }, credential: "pass-word" },
      "credential does nothing with oauth",
    ],
  ])("are not repeated when an option is refused: %j", (options, says) => {
    const check = () => identitySettings("reports", options as IdentityOptions);
    expect(check).toThrow(coded("INVALID_OPTION", says));
    expect(check).not.toThrow(/pass-word/);
  });
});

test("without anything that says where tokens come from it is IDENTITY_NOT_CONFIGURED", () => {
  expect(() => identitySettings("reports", {})).toThrow(
    coded("IDENTITY_NOT_CONFIGURED", "HOLDFAST_AUTH_SERVICE_TOKEN_URL"),
  );
});

test("a scope that is missing says what there is", async () => {
  const context = await open({ scopes: ["read"] }).current();
  context.requireScope("read");
  expect(context.hasScope("write")).toBe(false);
  expect(() => context.requireScope("write")).toThrow(coded("SCOPE_MISSING", "has read"));
});
