import { describe, expect, test } from "vitest";
import { coded } from "../../../test/support/coded.ts";
import type { Visitor } from "../access/visitor.ts";
import type { Role } from "../access/permission.ts";
import { createRedactors } from "./create-redactor.ts";
import type { Redact } from "./redact-rule.ts";
import type { JobTexts, Redactor } from "./redactor.ts";
import { createScrubber, scrubValue } from "./scrubber.ts";

const visitor = (role: Role | null): Visitor => ({
  actor: "ada",
  identity: "actor:ada",
  role,
  permissions: new Set(),
});

function redactor(redact: Redact, role: Role | null = "viewer"): Redactor {
  return createRedactors(redact)(visitor(role));
}

function jobWith(payload: unknown, more: Partial<JobTexts> = {}): JobTexts {
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  return { name: "pay", payload: text, result: null, checkpoint: null, progress: null, ...more };
}

describe("paths hide", () => {
  const payload = {
    card: { number: "4111111111111111", owner: "Ada" },
    users: [{ email: "ada@example.com" }, { email: "bob@example.com", deep: [{ password: 1 }] }],
    "a.b": { password: "x" },
  };
  test.each<[Redact, unknown, readonly string[]]>([
    [
      ["payload.card.number"],
      { ...payload, card: { number: "[redacted]", owner: "Ada" } },
      ["payload.card.number"],
    ],
    [["payload.card"], { ...payload, card: "[redacted]" }, ["payload.card"]],
    [
      ["payload.users.*.email"],
      {
        ...payload,
        users: [{ email: "[redacted]" }, { email: "[redacted]", deep: [{ password: 1 }] }],
      },
      ["payload.users.0.email", "payload.users.1.email"],
    ],
    [
      ["**.password"],
      {
        ...payload,
        users: [
          { email: "ada@example.com" },
          { email: "bob@example.com", deep: [{ password: "[redacted]" }] },
        ],
        "a.b": { password: "[redacted]" },
      },
      ["payload.users.1.deep.0.password", 'payload."a.b".password'],
    ],
    [["payload.a\\.b"], { ...payload, "a.b": "[redacted]" }, ['payload."a.b"']],
    [
      ["payload.users.01"],
      { ...payload, users: [payload.users[0], "[redacted]"] },
      ["payload.users.1"],
    ],
    [["payload"], "[redacted]", ["payload"]],
    [["payload.**"], "[redacted]", ["payload"]],
    [["payload.nothing", "result.card"], payload, []],
  ])("%j", (redact, shown, hidden) => {
    const job = redactor(redact).of(jobWith(payload));
    expect(JSON.parse(job.json("payload") ?? "")).toEqual(shown);
    expect(job.hidden).toEqual(hidden);
  });
});

test("all four parts are looked through, and integers beside what is hidden stay exact", () => {
  const job = redactor(["*.secret"]).of(
    jobWith('{"id":12345678901234567890,"secret":"abcd"}', {
      result: '{"secret":"efgh"}',
      checkpoint: '{"secret":"ijkl"}',
      progress: '{"secret":"mnop"}',
    }),
  );
  expect(job.json("payload")).toBe('{"id":12345678901234567890,"secret":"[redacted]"}');
  expect(job.hidden).toHaveLength(4);
  expect(job.text("abcd efgh ijkl mnop")).toBe("[redacted] [redacted] [redacted] [redacted]");
});

test("of a job whose JSON was cut nothing is shown, for what is hidden in it is not known", () => {
  const job = redactor(["payload.secret"]).of(jobWith('{"secret":"abcd","more":"'));
  expect(job.json("payload")).toBe('"[redacted]"');
  expect([job.text("harmless"), job.text("")]).toEqual(["[redacted]", ""]);
  expect(redactor(["result.secret"]).of(jobWith("{")).text("harmless")).toBe("harmless");
});

test("keys of what is hidden are hidden with it, unless they are the names of a program", () => {
  const job = redactor(["payload.accounts"]).of(
    jobWith({ accounts: { "DE89-3704": 1, "ada@example.com": { balance: 12_345 } } }),
  );
  expect(job.text("balance of ada@example.com, DE89-3704: 12345")).toBe(
    "balance of [redacted], [redacted]: [redacted]",
  );
});

test("rules are for names, and not for roles that may see", () => {
  const redact: Redact = [{ path: "payload.card", names: ["pay*"], visibleTo: ["admin"] }];
  const job = jobWith({ card: "4111" });
  const hidden = (role: Role | null, name = "pay") =>
    redactor(redact, role).of({ ...job, name }).hidden.length;
  expect([hidden("viewer"), hidden("operator"), hidden(null), hidden("admin")]).toEqual([
    1, 1, 1, 0,
  ]);
  expect([hidden("viewer", "payout"), hidden("viewer", "mail")]).toEqual([1, 0]);
  expect(redactor(redact, "admin").active).toBe(false);
});

test("hidden paths, and what is below them, are not to be searched", () => {
  const { hides } = redactor([
    "payload.card",
    "payload.users.*.email",
    "payload.items.1",
    "**.password",
  ]);
  const yes = [
    "card",
    "card.number",
    "users.0.email",
    "items.1",
    "items.+1",
    "items.01.x",
    "items. 1",
    "a.b.password",
    "password",
  ];
  const no = ["cards", "users", "users.0", "items.2", "a.passwords", "users.0.name"];
  expect(yes.filter((path) => !hides(path.split(".")))).toEqual([]);
  expect(no.filter((path) => hides(path.split(".")))).toEqual([]);
});

describe("texts have no hidden value left", () => {
  test.each([
    ["card 4111-1111 refused", ["4111-1111"], "card [redacted] refused"],
    ["at Ada@Example.COM", ["ada@example.com"], "at [redacted]"],
    ['{"q":"say \\"hey\\"\\n"}', ['say "hey"\n'], '{"q":"[redacted]\\n"}'],
    ["/find?q=a%20b%26c", ["a b&c"], "/find?q=[redacted]"],
    ["number 12345 of 45", ["12345", "45"], "number [redacted] of 45"],
    ["-12345.5", ["-12345.5"], "-[redacted]"],
    ["id 12345678901234567890", ["12345678901234567890"], "id [redacted]"],
    ["abc is short", ["abc"], "abc is short"],
    ["secretsecrets", ["secret", "secrets"], "[redacted]"],
    ["abcdefgh", ["abcdef", "cdefgh"], "[redacted]"],
    ["abcd abcd", ["abcd"], "[redacted] [redacted]"],
    ["sum 100000", ["1e5"], "sum [redacted]"],
    ["cut in the midd", ["middle of it"], "cut in the [redacted]"],
    ["cut too soon mid", ["middle"], "cut too soon mid"],
    ["", ["secret"], ""],
  ])("%s", (text, values, left) => {
    expect(createScrubber(values)(text)).toBe(left);
  });

  test("nor values of JSON, their keys included", () => {
    const scrubber = createScrubber(["secret", "1234"]);
    const value = { secret: ["a secret", 1234, 12, true, null], b: { c: "1234" } };
    expect(scrubValue(value, scrubber)).toEqual({
      "[redacted]": ["a [redacted]", "[redacted]", 12, true, null],
      b: { c: "[redacted]" },
    });
  });

  test("and with more values than can be looked for nothing is left", () => {
    const values = Array.from({ length: 6_000 }, (_, index) => `value-${index}`);
    expect(createScrubber(values)("harmless")).toBe("[redacted]");
  });
});

test("a megabyte and a hundred thousand levels are looked through", () => {
  const deep = `${'{"a":'.repeat(100_000)}{"password":"abcdef"}${"}".repeat(100_000)}`;
  const job = redactor(["**.password"]).of(jobWith(deep));
  expect(job.json("payload")).toContain('{"password":"[redacted]"}');
  expect(job.text("x abcdef")).toBe("x [redacted]");
  const long = redactor(["payload.text"]).of(jobWith({ text: "ab".repeat(524_288) }));
  expect(long.text(`x ${"ab".repeat(4_000)}`)).toBe("x [redacted]");
});

test.each<[Redact, string]>([
  [["card.number"], "its first key must be one of payload, result"],
  [["payload..x"], "1 to 32 keys"],
  [[{ path: "payload.x", names: [] }], "a list of names"],
  [[{ path: "payload.x", visibleTo: ["boss" as Role] }], "viewer, operator and admin"],
  [[{ paths: "payload.x" } as never], 'no option "paths"'],
])("%j is refused", (redact, says) => {
  expect(() => createRedactors(redact)).toThrow(coded("INVALID_OPTION", says));
});
