import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type JobFilter, readFilter } from "../../core/job-filter.ts";
import { jobStates } from "../../core/job.ts";
import { removeToken, setField } from "./change.ts";
import { complete } from "./complete.ts";
import { fields } from "./fields.ts";
import { parseFilter } from "./parse.ts";
import { printFilter } from "./print.ts";
import { tokenise } from "./tokenise.ts";

const now = Date.UTC(2026, 10, 29, 12);
const hour = 3_600_000;
const day = Date.UTC(2026, 10, 28);

describe("a filter reads", () => {
  test.each<[string, JobFilter]>([
    ["", {}],
    ["  ", {}],
    ["state:discarded", { state: ["discarded"] }],
    ["state:discarded,cancelled", { state: ["cancelled", "discarded"] }],
    [
      "-state:completed,cancelled,discarded,running",
      { state: ["scheduled", "available", "blocked", "retryable"] },
    ],
    ["queue:emails name:send-* tag:vip", { queue: "emails", name: "send-*", tag: "vip" }],
    ['queue:"two words, and more"', { queue: "two words, and more" }],
    ['queue:"a \\"b\\" \\\\"', { queue: 'a "b" \\' }],
    ["payload.user.id:42", { payload: { "user.id": 42 } }],
    ['payload.id:"42" payload.ok:true', { payload: { id: "42", ok: true } }],
    ["payload.none:null payload.x:-1.5e3", { payload: { none: null, x: -1500 } }],
    ['payload."a.b"."c d":x', { payload: { "a\\.b.c d": "x" } }],
    ["payload.__proto__:1", { payload: Object.fromEntries([["__proto__", 1]]) }],
    ['payload.text:""', { payload: { text: "" } }],
    ["payload.at:12:30", { payload: { at: "12:30" } }],
    ["error:~timeout", { error: "timeout" }],
    ["error:timeout", { error: "timeout" }],
    ['error:~"ECONNREFUSED 10.0.0.1:5432"', { error: "ECONNREFUSED 10.0.0.1:5432" }],
    ["connection refused", { error: "connection refused" }],
    ['"Error: boom"', { error: "Error: boom" }],
    ["-what", { error: "-what" }],
    ["123", { ids: ["123"] }],
    ["123 456", { ids: ["123", "456"] }],
    ["port 8080", { error: "port 8080" }],
    ["id:12,13", { ids: ["12", "13"] }],
    ["wait:>30s", { waitingLongerThan: 30_000 }],
    ["running:>5m duration:>30s", { runningLongerThan: 300_000, tookLongerThan: 30_000 }],
    ["rescued:true", { rescued: true }],
    ["rescued:false worker:7", { rescued: false, worker: "7" }],
    ["lane:user:7", { waitingFor: "lane:user:7" }],
    ['gate:"limit:api:two words"', { waitingFor: "limit:api:two words" }],
    ["unique:order-7", { uniqueKey: "order-7" }],
    ['queue:a,"b,c" name:x,y-*', { queue: ["a", "b,c"], name: ["x", "y-*"] }],
    ["tag:vip,trial", { tag: ["vip", "trial"] }],
    ['payload.id:1,"1",null payload.x:a', { payload: { id: [1, "1", null], x: "a" } }],
    ["created:>2h", { createdBefore: now - 2 * hour }],
    ["created:<2h", { createdAfter: now - 2 * hour }],
    ["created:>2026-11-28", { createdAfter: day }],
    ["created:<2026-11-28T12:00Z", { createdBefore: day + 12 * hour }],
    ["created:2026-11-28", { createdAfter: day, createdBefore: day + 24 * hour }],
    ["finished:<1d finished:>1h", { finishedAfter: now - 24 * hour, finishedBefore: now - hour }],
  ])("%s", (text, filter) => {
    expect(parseFilter(text, now)).toEqual({ filter, problems: [] });
    expect(() => readFilter("test", filter, now)).not.toThrow();
  });
});

describe("a filter refuses, and says where", () => {
  test.each<[string, string, string]>([
    ["colour:red", "unknown-field", "colour:"],
    ["queue.x:red", "unknown-field", "queue.x:"],
    ["state:", "no-value", ""],
    ["state:discarded,", "no-value", ""],
    ["state:done", "bad-value", "done"],
    ["state:>running", "bad-value", ">running"],
    ["state:running state:discarded", "twice", "state:discarded"],
    ["worker:a,b", "one-value", "worker:a,b"],
    ["queue:a,", "no-value", ""],
    [`tag:x${",x".repeat(100)}`, "bad-value", `tag:x${",x".repeat(100)}`],
    [`payload.a:1${",1".repeat(100)}`, "bad-value", `payload.a:1${",1".repeat(100)}`],
    ["payload.a:1,~b", "bad-operator", "~b"],
    ["queue:a queue:b", "twice", "queue:b"],
    ["lane:a gate:limit:b", "twice", "gate:limit:b"],
    [`lane:${"x".repeat(251)}`, "bad-value", "x".repeat(251)],
    ["lane:", "no-value", ""],
    ["gate:>a", "bad-operator", ">a"],
    ["unique:~a", "bad-operator", "~a"],
    ["rescued:yes", "bad-value", "yes"],
    ["rescued:", "no-value", ""],
    ["rescued:~true", "bad-operator", "~true"],
    ["duration:30s", "bad-value", "30s"],
    ["queue:~a", "bad-operator", "~a"],
    ["-queue:a", "no-negation", "-queue:a"],
    ["id:abc", "bad-value", "abc"],
    ["wait:<30s", "bad-value", "<30s"],
    ["wait:>soon", "bad-value", ">soon"],
    ["created:2h", "bad-value", "2h"],
    ["created:>yesterday", "bad-value", ">yesterday"],
    ["payload:1", "bad-value", "payload:"],
    ["payload.a..b:1", "bad-value", "payload.a..b:"],
    ["payload.a:1 payload.a:2", "twice", "payload.a:2"],
    ["payload.a:12345678901234567890", "bad-value", "12345678901234567890"],
    ["error:~x some words", "twice", "some words"],
    ['queue:"open', "unclosed-quote", 'queue:"open'],
    [`queue:${"x".repeat(256)}`, "bad-value", "x".repeat(256)],
    ["queue:\ud800", "bad-value", "\ud800"],
  ])("%s", (text, kind, marked) => {
    const { problems } = parseFilter(text, now);
    expect(problems).toHaveLength(1);
    const [problem] = problems;
    expect(problem?.kind).toBe(kind);
    expect(text.slice(problem?.from, problem?.to)).toBe(marked);
    expect(problem?.message).toMatch(/\.$/);
  });
});

const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).filter((text) => {
  return text.length <= 255 && !/\u0000|\p{Surrogate}/u.test(text);
});
const key = name.filter((text) => !/["\\]/.test(text) && !/^-\d+$/.test(text));
const path = fc.array(key, { minLength: 1, maxLength: 8 }).map((keys) => {
  return keys.map((one) => one.replaceAll(".", "\\.")).join(".");
});
const scalar = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("42", "true", "null", "-1", "1e5", ">x", "~", '"', "a,b"),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((one) => !Object.is(one, -0)),
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.constant(null),
);
/** One, or a list of more. */
const oneOrMore = <Value>(one: fc.Arbitrary<Value>) =>
  fc.oneof(one, fc.array(one, { minLength: 2, maxLength: 4 }));
const gate = fc.oneof(
  name,
  name.map((lane) => `lane:${lane}`),
  fc.constantFrom("lane:", "limit:api", "lane:lane:"),
);
const moment = fc.integer({ min: 0, max: 8.64e15 });
const filters = fc.record(
  {
    state: fc.subarray([...jobStates], { minLength: 1 }),
    queue: oneOrMore(name),
    name: oneOrMore(name),
    tag: oneOrMore(name),
    ids: fc.array(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String), {
      minLength: 1,
      maxLength: 5,
    }),
    payload: fc.dictionary(path, oneOrMore(scalar), { minKeys: 1, maxKeys: 5 }),
    error: name,
    waitingLongerThan: fc.integer({ min: 0, max: 1e12 }),
    runningLongerThan: fc.integer({ min: 0, max: 1e12 }),
    tookLongerThan: fc.integer({ min: 0, max: 1e12 }),
    rescued: fc.boolean(),
    worker: name,
    waitingFor: gate,
    uniqueKey: name,
    createdAfter: moment,
    createdBefore: moment,
    finishedAfter: moment,
    finishedBefore: moment,
  },
  { requiredKeys: [] },
);

test("what is printed of a filter reads as the same filter", () => {
  fc.assert(
    fc.property(filters, (filter) => {
      const text = printFilter(filter);
      const { payload = {} } = filter;
      fc.pre(Object.keys(payload).every((one) => one.length <= 200));
      expect(parseFilter(text, now)).toEqual({ filter, problems: [] });
    }),
  );
});

const bits = fc.constantFrom(
  ...'state queue payload . : , " \\ - > < ~ 12 x'.split(" "),
  " ",
  "\ud800",
  "\u0000",
);
const texts = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(bits, { maxLength: 40 }).map((some) => some.join("")),
);

test("any text is taken: every character but blanks is in a token, and completion works at every caret", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const tokens = tokenise(text);
      const between = tokens.reduce((rest, { from, to }) => {
        return rest.slice(0, from) + " ".repeat(to - from) + rest.slice(to);
      }, text);
      expect(between.trim()).toBe("");
      for (const { from, to } of parseFilter(text, now).problems) {
        expect(0 <= from && from <= to && to <= text.length).toBe(true);
      }
      for (let caret = -1; caret <= text.length + 1; caret++) {
        const found = complete(text, caret);
        if (found === undefined) continue;
        expect(found.from <= found.to && found.to <= text.length).toBe(true);
      }
    }),
  );
});

test.each(['a\\" ', 'a"\\" ', 'x""', 'a:",', "-a.", 'a"b ', "state:x,", '"\\'])(
  "a long text of %j is cut in time that grows with its length",
  (piece) => {
    const count = (length: number) => tokenise(piece.repeat(length)).length;
    // Twenty thousand pieces would take minutes if each were looked at from each.
    expect(count(20_000)).toBeGreaterThan(0);
    parseFilter(piece.repeat(20_000), now);
  },
);

describe("completion offers", () => {
  const at = (marked: string) => complete(marked.replace("|", ""), marked.indexOf("|"));
  test.each([
    ["|", fields.length],
    ["queue:a |", fields.length],
    ["sta|", 1],
    ["-sta|", 1],
    ["st|ate:x", 1],
  ])("fields at %s", (marked, count) => {
    const found = at(marked);
    expect(found?.kind === "field" && found.fields.length).toBe(count);
  });

  test.each([
    ["payload.|", [], ""],
    ["payload.us|", [], "us"],
    ["payload.user.i|", ["user"], "i"],
    ["payload.user.i|d:1", ["user"], "i"],
  ])("keys of a path at %s", (marked, keys, prefix) => {
    expect(at(marked)).toMatchObject({ kind: "path", path: keys, prefix });
  });

  test.each([
    ["state:dis|", ["discarded"], false],
    ["state:running,c|", ["completed", "cancelled"], false],
    ["created:>|", [">1h", ">1d", ">7d"], false],
    ["duration:|", [">30s", ">5m", ">1h"], false],
    ["rescued:t|", ["true"], false],
    ["unique:o|", [], false],
    ["queue:a,b|", [], true],
    ["queue:em|", [], true],
    ["payload.user.id:4|", [], true],
  ])("values at %s", (marked, values, ask) => {
    const found = at(marked);
    expect(found).toMatchObject({ kind: "value", ask });
    expect(found?.kind === "value" && found.values.map(({ text }) => text)).toEqual(values);
  });

  test("nothing inside words and unknown fields", () => {
    expect(at("timeo|")).toBeUndefined();
    expect(at("colour:r|")).toBeUndefined();
  });
});

test("a field is set, replaced and taken away", () => {
  expect(setField("", "state", ["running"])).toBe("state:running");
  expect(setField("state:running queue:a", "state", ["discarded", "cancelled"])).toBe(
    "state:discarded,cancelled queue:a",
  );
  expect(setField("-state:running x", "state", [])).toBe("x");
  expect(setField("queue:a", "name", ["two words"])).toBe('queue:a name:"two words"');
  expect(removeToken("a queue:b c", { from: 2, to: 9 })).toBe("a c");
});
