import { expect } from "vitest";
import type { EnqueueOptions } from "../../src/core/enqueue-options.ts";
import { isHoldfastError } from "../../src/core/errors.ts";
import { newJob, planNamedJobs } from "../../src/core/new-job.ts";
import { retryPolicy } from "../../src/core/retry-policy.ts";
import { bring, jobAt, stateOf } from "./bring.ts";
import { admitAt, declare, laneOf } from "./gates.ts";
import { claim, hire, settleOne, single, t0 } from "./jobs.ts";
import type { Chapter } from "./law.ts";
import { expectRefused } from "./refused-producer.ts";

const payload = '{"to":"a@example.org","deep":[1,{"é":"😀 \\n"}]}';

/** What `client.enqueue` takes too: the job must be the same one. */
const alike: readonly EnqueueOptions<never>[] = [
  {},
  { queue: "emails", priority: 0, tags: ["a", "b b"] },
  { tags: [] },
  { delay: "10m" },
  { delay: "1.5h", priority: 9 },
  { delay: 250 },
  { delay: 0 },
  { runAt: 4_102_444_800_000 },
  { runAt: 1 },
  { lane: "account 7" },
  { lane: "account 7", delay: "2d" },
  { unique: { key: "order-7" } },
  { unique: { key: 7, while: "waiting", onConflict: "replace" } },
  { unique: { key: "k", while: "ever", within: "30s", onConflict: "error" } },
  { idempotencyKey: "request" },
  { idempotencyKey: { key: "request", keep: "1w" }, unique: { key: "k" }, lane: "l" },
];

/** What `client.enqueue` refuses, as JSON: a producer is told the same. */
const refused: readonly string[] = [
  '{"prority":1}',
  '{"priority":10}',
  '{"priority":-1}',
  '{"priority":1.5}',
  '{"priority":"1"}',
  '{"queue":""}',
  '{"queue":7}',
  `{"queue":"${"q".repeat(256)}"}`,
  '{"delay":"soon"}',
  '{"delay":"10 m"}',
  '{"delay":"1.h"}',
  '{"delay":"-1s"}',
  '{"delay":-1}',
  '{"delay":"101000w"}',
  '{"delay":"1s","runAt":4102444800000}',
  '{"runAt":-5}',
  '{"tags":"a"}',
  '{"tags":[""]}',
  '{"tags":[1]}',
  '{"tags":["schedule:nightly"]}',
  '{"tags":["a","tick:2030-01-01T00:00:00.000Z"]}',
  `{"tags":${JSON.stringify(Array.from({ length: 33 }, () => "t"))}}`,
  '{"lane":""}',
  '{"lane":{"a":1}}',
  '{"unique":"key"}',
  '{"unique":{}}',
  '{"unique":{"key":""}}',
  '{"unique":{"key":"k","while":"running"}}',
  '{"unique":{"key":"k","onConflict":"replace"}}',
  '{"unique":{"key":"k","within":"long"}}',
  '{"unique":{"key":"k","until":1}}',
  '{"idempotencyKey":""}',
  '{"idempotencyKey":7}',
  '{"idempotencyKey":{"keep":"1h"}}',
  '{"idempotencyKey":{"key":"k","keep":"for ever"}}',
];

/** Refused with nothing of the client's to compare: there the options are not JSON, and limits come with a definition. */
const refusedHere = {
  "text that is no JSON": "{priority:1}",
  "a list": "[]",
  "a number": "7",
  "a version of 0": '{"version":0}',
  "no attempt": '{"attempts":0}',
  "attempts in words": '{"attempts":"many"}',
  "a timeout of nothing": '{"timeout":0}',
  "limits that are no list": '{"limits":{"scope":"api"}}',
  "a limit without a scope": '{"limits":[{"by":"a"}]}',
  "a scope with a colon": '{"limits":[{"scope":"a:b"}]}',
  "a weight of 0": '{"limits":[{"scope":"api","weight":0}]}',
  "a limit with a rate": '{"limits":[{"scope":"api","rate":"1/1m"}]}',
  "a time without a zone": '{"runAt":"2030-01-31T08:00:00"}',
  "an hour that is none": '{"runAt":"2030-02-28T25:00:00Z"}',
  "a day that is none": '{"runAt":"2030-02-31T08:00:00Z"}',
  "the 29th of February of no leap year": '{"runAt":"2030-02-29T08:00:00Z"}',
  "a month that is none": '{"runAt":"2030-13-01T08:00:00Z"}',
  "midnight at the end of a day": '{"runAt":"2030-01-31T24:00:00Z"}',
  "a leap second": '{"runAt":"2030-01-31T08:00:60Z"}',
  "a space before the zone": '{"runAt":"2030-01-31T08:00:00 Z"}',
  "a space after the zone": '{"runAt":"2030-01-31T08:00:00Z "}',
  "a zone without a colon": '{"runAt":"2030-01-31T08:00:00+0530"}',
  "a zone of hours": '{"runAt":"2030-01-31T08:00:00+05"}',
  "a zone beyond all": '{"runAt":"2030-01-31T08:00:00+15:00"}',
  "a fraction of nothing": '{"runAt":"2030-01-31T08:00:00.Z"}',
  "a small z": '{"runAt":"2030-01-31T08:00:00z"}',
  "a moment without end": '{"runAt":1e400}',
  "a key that is no whole number": '{"unique":{"key":1.5}}',
  "a key that a double cannot tell from another": '{"unique":{"key":9007199254740993}}',
  "a key without end": '{"unique":{"key":1e400}}',
  "a key that is true": '{"unique":{"key":true}}',
  "half a weight": '{"limits":[{"scope":"api","weight":1.5}]}',
  "a weight without end": '{"limits":[{"scope":"api","weight":1e400}]}',
} as const;

const badPayloads = {
  "no JSON": ["{to:1}", "PAYLOAD_INVALID"],
  "empty text": ["", "PAYLOAD_INVALID"],
  "two values": ["1 2", "PAYLOAD_INVALID"],
  "a NUL": ['{"a":"\\u0000"}', "PAYLOAD_INVALID"],
  "a NUL behind backslashes": ['"\\\\\\u0000"', "PAYLOAD_INVALID"],
  "half of a surrogate pair": ['["\\ud83d"]', "PAYLOAD_INVALID"],
  "the other half, as a key": ['{"\\uDE00":1}', "PAYLOAD_INVALID"],
  "501 levels": [`${"[".repeat(501)}${"]".repeat(501)}`, "PAYLOAD_INVALID"],
  "a number without end": ["1e400", "PAYLOAD_INVALID"],
  "one with a sign, inside": ['{"a":[-1.5E+309]}', "PAYLOAD_INVALID"],
  "an exponent of many digits": ["[1e99999999999]", "PAYLOAD_INVALID"],
  "a long number": [`{"a":${"9".repeat(400)}}`, "PAYLOAD_INVALID"],
  "more than 1 MiB": [JSON.stringify("é".repeat(524_288)), "PAYLOAD_TOO_LARGE"],
} as const;

const goodPayloads: readonly string[] = [
  '"\\\\u0000 \\\\ud83d"',
  '{"\\ud83d\\ude00":"\\u00e9 \\u2028"}',
  `${"[".repeat(500)}${"]".repeat(500)}`,
  `[${"[],".repeat(600)}"[[[ \\" {"]`,
  JSON.stringify("é".repeat(524_287)),
  "  [1,   2.50, -0, 1e3]  ",
  "null",
  "[1e308, -1e+308, 1e-400, 0e999, 1e0100, 12345678901234567890]",
  `["1e400", {"1e400": "${"9".repeat(400)}"}, ${"9".repeat(300)}]`,
];

/** As JSON, for JavaScript would write them another way. */
const unusual: readonly (readonly [options: string, wanted: object])[] = [
  ['{"unique":{"key":1e3}}', { uniqueKey: "1000" }],
  ['{"unique":{"key":5.0}}', { uniqueKey: "5" }],
  ['{"unique":{"key":-0}}', { uniqueKey: "0" }],
  ['{"unique":{"key":-9007199254740991}}', { uniqueKey: "-9007199254740991" }],
  ['{"limits":[{"scope":"a","weight":2.0}]}', { gates: [{ gate: "limit:a", weight: 2 }] }],
  ['{"limits":[{"scope":"a","weight":1e1}]}', { gates: [{ gate: "limit:a", weight: 10 }] }],
  ['{"priority":3.0,"version":2.0}', { priority: 3, version: 2 }],
];

export const producerLaws: Chapter = (law) => {
  law("a producer's job is the one the client would make, whatever the options", async (place) => {
    const { storage } = place;
    const producer = await place.producer();
    for (const [index, options] of alike.entries()) {
      const name = `work-${index}`;
      const shown = JSON.stringify(options);
      const { id, outcome } = await producer.enqueue(name, payload, shown);
      expect(outcome, shown).toBe("enqueued");
      const made = await jobAt(storage, id);
      const wanted = await newJob(planNamedJobs(name, options), JSON.parse(payload), t0);
      const isDue = wanted.runAt === t0;
      const dueState = wanted.gates === undefined ? "available" : "blocked";
      expect(made, shown).toMatchObject({
        ...pick(wanted),
        payload: JSON.parse(payload) as unknown,
        uniqueKey: wanted.unique?.key ?? null,
        gates: wanted.gates ?? [],
        waitingFor: isDue ? (wanted.gates?.[0]?.gate ?? null) : null,
        state: isDue ? dueState : "scheduled",
      });
      const runAt = options.runAt as number | undefined;
      expect(made.runAt - made.createdAt, shown).toBe(
        runAt === undefined ? wanted.runAt - t0 : Math.max(runAt - made.createdAt, 0),
      );
      expect(Math.abs((await storage.serverTime()) - made.createdAt)).toBeLessThan(60_000);
    }
  });

  law("a producer is refused the options that the client refuses", async (place) => {
    const producer = await place.producer();
    for (const options of refused) {
      const said = refusalOfClient(JSON.parse(options) as EnqueueOptions<never>);
      expect(said, options).toBe("INVALID_OPTION");
      await expectRefused(place, "INVALID_OPTION", producer.enqueue("work", payload, options));
    }
  });

  law("a producer is refused options that make no sense", async (place) => {
    const producer = await place.producer();
    for (const options of Object.values(refusedHere)) {
      await expectRefused(place, "INVALID_OPTION", producer.enqueue("work", payload, options));
    }
  });

  law("a producer is refused payloads that the client would not write", async (place) => {
    const producer = await place.producer();
    for (const [text, code] of Object.values(badPayloads)) {
      await expectRefused(place, code, producer.enqueue("work", text));
    }
  });

  law("any other JSON is a producer's payload", async (place) => {
    const producer = await place.producer();
    for (const text of goodPayloads) {
      const { id } = await producer.enqueue("work", text);
      expect((await jobAt(place.storage, id)).payload, text).toEqual(JSON.parse(text));
    }
  });

  law("a producer is refused a name that is none", async (place) => {
    const producer = await place.producer();
    for (const name of [null, "", "n".repeat(256)]) {
      await expectRefused(place, "INVALID_OPTION", producer.enqueue(name));
    }
  });

  law("SQL NULL, and null among the options, count as not given", async (place) => {
    const producer = await place.producer();
    const one = await producer.enqueue("work", null, null);
    const nothing = '{"lane":null,"unique":null,"delay":null,"priority":null,"limits":null}';
    const two = await producer.enqueue("work", "null", nothing);
    for (const { id } of [one, two]) {
      const job = await jobAt(place.storage, id);
      expect(job).toMatchObject({ payload: null, priority: 5, state: "available", gates: [] });
    }
  });

  law("a hostile name, queue, key, lane and tag of a producer are only text", async (place) => {
    const { storage } = place;
    const text = `'; DROP TABLE x; -- "q" \\ {1} $1 ? %s 😀\u2028`;
    const options = { queue: text, tags: [text], unique: { key: text }, lane: text };
    const { id } = await (await place.producer()).enqueue(text, '"x"', JSON.stringify(options));
    expect(await jobAt(storage, id)).toMatchObject({
      name: text,
      queue: text,
      uniqueKey: text,
      tags: [text],
      waitingFor: `lane:${text}`,
    });
  });

  law("what is written in an unusual way is read alike everywhere", async (place) => {
    const producer = await place.producer();
    for (const [options, wanted] of unusual) {
      const { id } = await producer.enqueue("work", "1", options);
      expect(await jobAt(place.storage, id), options).toMatchObject(wanted);
    }
  });

  law("a time with its zone is that moment", async (place) => {
    const producer = await place.producer();
    for (const [runAt, moment] of [
      ["2099-01-31T08:00:00Z", Date.UTC(2099, 0, 31, 8)],
      ["2099-01-31 08:00:00.25+05:30", Date.UTC(2099, 0, 31, 2, 30, 0, 250)],
      ["2099-01-31T08:00-03:00", Date.UTC(2099, 0, 31, 11)],
      ["2096-02-29T23:59:59.9999999Z", Date.UTC(2096, 1, 29, 23, 59, 59, 999)],
      ["2099-01-31T08:00:00.5+14:00", Date.UTC(2099, 0, 30, 18, 0, 0, 500)],
    ] as const) {
      const { id } = await producer.enqueue("work", "1", JSON.stringify({ runAt }));
      expect((await jobAt(place.storage, id)).runAt).toBe(moment);
    }
  });

  law("the version, attempts and timeout of a producer come to the worker", async (place) => {
    const { storage } = place;
    const producer = await place.producer();
    const asked = [
      [{}, undefined, undefined],
      [{ attempts: 1 }, { attempts: 1 }, undefined],
      [{ attempts: "unlimited", timeout: "none" }, { attempts: "unlimited" }, "none"],
      [{ timeout: "90s" }, undefined, "90s"],
    ] as const;
    for (const [options, retry, timeout] of asked) {
      await producer.enqueue("work", "1", JSON.stringify({ ...options, version: 3 }));
      const job = single(await claim(storage, await hire(storage), { handlers: { work: 3 } }));
      expect(job.version).toBe(3);
      expect(job.policy).toEqual(retryPolicy(retry, timeout));
    }
  });

  law("a producer's lane and limits are let in like others", async (place) => {
    const { storage } = place;
    await declare(storage, { api: 3 });
    const producer = await place.producer();
    const options = { lane: "l", limits: [{ scope: "api", by: "t", weight: 2 }, { scope: "api" }] };
    const one = await producer.enqueue("work", "1", JSON.stringify(options));
    const two = await producer.enqueue("work", "2", JSON.stringify(options));
    expect((await jobAt(storage, one.id)).gates).toEqual([
      { gate: "lane:l", weight: 1 },
      { gate: "limit:api", weight: 1 },
      { gate: "limit:api:t", weight: 2 },
    ]);
    const owner = await hire(storage);
    await admitAt(storage, laneOf("l"));
    expect(await stateOf(storage, two.id)).toBe("blocked");
    const first = single(await claim(storage, owner));
    expect(first.lease.id).toBe(one.id);
    await settleOne(storage, first, "completed");
    await admitAt(storage, laneOf("l"));
    expect(single(await claim(storage, owner)).lease.id).toBe(two.id);
  });

  law("jobs of producers and of clients stand in one line", async (place) => {
    const { storage } = place;
    const producer = await place.producer();
    const first = await producer.enqueue("work", "1");
    const second = await bring(place, "available");
    const third = await producer.enqueue("work", "3");
    const urgent = await producer.enqueue("work", "0", '{"priority":0}');
    const jobs = await claim(storage, await hire(storage));
    expect(jobs.map(({ lease }) => lease.id)).toEqual([urgent.id, first.id, second, third.id]);
  });

  law("what a producer rolls back never was", async (place) => {
    const producer = await place.producer();
    await producer.run("BEGIN");
    const gone = await producer.enqueue("work", "1", '{"unique":{"key":"k"}}');
    await producer.run("ROLLBACK");
    expect(await place.storage.getJob(gone.id)).toBeUndefined();
    const { outcome } = await producer.enqueue("work", "2", '{"unique":{"key":"k"}}');
    expect(outcome).toBe("enqueued");
  });
};

type Wanted = Awaited<ReturnType<typeof newJob>>;

function pick({ name, version, queue, priority, tags }: Wanted) {
  return { name, version, queue, priority, tags };
}

function refusalOfClient(options: EnqueueOptions<never>): string | undefined {
  try {
    void newJob(planNamedJobs("work", options), null, t0);
    return undefined;
  } catch (error) {
    return isHoldfastError(error) ? error.code : String(error);
  }
}
