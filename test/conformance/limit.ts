import fc from "fast-check";
import { expect } from "vitest";
import type { Scope } from "../../src/core/limit-options.ts";
import { takeTokens } from "../../src/core/token-bucket.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { aJob, enqueue, hire, single, t0 } from "./jobs.ts";
import type { Chapter } from "./law.ts";

const minute = 60_000;
const perMinute = (count: number) => ({ count, perMs: minute });

function scopeOf(scope: string, given: Partial<Scope> = {}): Scope {
  return { scope, concurrent: null, rate: null, ...given };
}

/** Takes from the scope's own bucket. */
function take(storage: Storage, now = t0, weight = 1, scope = "api") {
  return storage.takeTokens(`limit:${scope}`, scope, weight, now);
}

/** How often it was granted until it was denied, and for how long. */
async function takeAll(storage: Storage, now = t0, scope = "api") {
  for (let granted = 0; ; granted += 1) {
    const answer = await take(storage, now, 1, scope);
    if (answer.outcome === "denied") return { granted, retryAfterMs: answer.retryAfterMs };
    if (answer.outcome !== "granted") throw new Error(`It was ${answer.outcome}.`);
  }
}

/** What is known by name, and what can be taken of its rates. */
export const limitLaws: Chapter = (law) => {
  law("a declared scope is there as it was declared, by name", async ({ storage }) => {
    await storage.declareScopes([
      scopeOf("b", { concurrent: 2 }),
      scopeOf("a", { rate: perMinute(5) }),
      scopeOf("B", { concurrent: 1, rate: { count: 1_000_000, perMs: 366 * 86_400_000 } }),
    ]);
    const unused = { edited: false, held: 0, waiting: 0 };
    expect(await storage.listScopes()).toEqual([
      { scope: "B", concurrent: 1, rate: { count: 1_000_000, perMs: 366 * 86_400_000 }, ...unused },
      { scope: "a", concurrent: null, rate: perMinute(5), ...unused },
      { scope: "b", concurrent: 2, rate: null, ...unused },
    ]);
  });

  law(
    "declaring a scope that exists changes nothing, and of two the first counts",
    async ({ storage }) => {
      await storage.declareScopes([
        scopeOf("api", { concurrent: 1 }),
        scopeOf("api", { concurrent: 9 }),
      ]);
      await storage.declareScopes([scopeOf("api", { concurrent: 5, rate: perMinute(1) })]);
      await storage.declareScopes([]);
      expect(await storage.listScopes()).toMatchObject([
        { scope: "api", concurrent: 1, rate: null },
      ]);
    },
  );

  law("many may declare the same scopes at once", async ({ storage, connect }) => {
    const storages = [storage, await connect(), await connect()];
    const names = ["a", "b", "c", "d"];
    await Promise.all(
      storages.flatMap((each) =>
        [names, names.toReversed()].map((order) =>
          each.declareScopes(order.map((name) => scopeOf(name, { concurrent: 1 }))),
        ),
      ),
    );
    expect((await storage.listScopes()).map(({ scope }) => scope)).toEqual(names);
  });

  law(
    "a scope may be declared inside a transaction, which does not wait for itself",
    async ({ storage }) => {
      await storage.transact(async (tx) => {
        await storage.declareScopes([scopeOf("api", { concurrent: 1 })], tx);
      });
      expect(await storage.listScopes()).toMatchObject([{ scope: "api" }]);
    },
  );

  law(
    "an edit changes what it names, is marked, and outlives declarations",
    async ({ storage }) => {
      const declared = scopeOf("api", { concurrent: 1, rate: perMinute(5) });
      await storage.declareScopes([declared]);
      expect(await storage.updateScope("api", { concurrent: 7 }, t0)).toBe(true);
      await storage.declareScopes([declared]);
      expect(await storage.listScopes()).toMatchObject([
        { concurrent: 7, rate: perMinute(5), edited: true },
      ]);
      await storage.updateScope("api", { concurrent: null, rate: perMinute(9) }, t0);
      expect(await storage.listScopes()).toMatchObject([{ concurrent: null, rate: perMinute(9) }]);
      await storage.updateScope("api", { rate: null }, t0);
      expect(await storage.listScopes()).toMatchObject([{ concurrent: null, rate: null }]);
      expect(await storage.updateScope("other", { concurrent: 1 }, t0)).toBe(false);
    },
  );
};

/** What can be taken of rates. */
export const rateLaws: Chapter = (law) => {
  law(
    "fifty callers at once are granted exactly what the rate has",
    async ({ storage, connect }) => {
      await storage.declareScopes([scopeOf("api", { rate: perMinute(10) })]);
      const storages = [storage, await connect(), await connect()];
      for (const [round, granted] of [10, 5].entries()) {
        const now = t0 + round * (minute / 2);
        const answers = await Promise.all(
          Array.from({ length: 50 }, (_, n) => take(storages[n % storages.length] ?? storage, now)),
        );
        expect(answers.filter(({ outcome }) => outcome === "granted")).toHaveLength(granted);
        expect(answers.filter(({ outcome }) => outcome === "denied")).toHaveLength(50 - granted);
      }
    },
  );

  law("tokens are counted as the core counts them", async ({ storage }) => {
    const rate = { count: 7, perMs: 1_000 };
    await storage.declareScopes([scopeOf("api", { rate })]);
    const uses = fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 9 })), { maxLength: 25 });
    let places = 0;
    await fc.assert(
      fc.asyncProperty(uses, async (steps) => {
        const gate = `limit:api:${(places += 1)}`;
        let now = t0;
        let fullAt: number | null = null;
        for (const [pause, weight] of steps) {
          now += pause;
          const expected = takeTokens(fullAt, rate, weight, now);
          if (expected.granted) fullAt = expected.fullAt;
          expect(await storage.takeTokens(gate, "api", weight, now)).toEqual(
            expected.granted
              ? { outcome: "granted" }
              : { outcome: "denied", retryAfterMs: expected.retryAfterMs },
          );
        }
      }),
      { numRuns: 15 },
    );
  });

  law("each gate has a bucket of its own", async ({ storage }) => {
    await storage.declareScopes([scopeOf("api", { rate: perMinute(1) })]);
    for (const gate of ["limit:api", "limit:api:a", "limit:api:b"]) {
      expect(await storage.takeTokens(gate, "api", 1, t0)).toEqual({ outcome: "granted" });
      expect(await storage.takeTokens(gate, "api", 1, t0)).toMatchObject({ outcome: "denied" });
    }
  });

  law("a scope without a rate, and one nobody declared, say so", async ({ storage }) => {
    await storage.declareScopes([scopeOf("api", { concurrent: 1 })]);
    expect(await take(storage)).toEqual({ outcome: "no-rate" });
    expect(await take(storage, t0, 1, "other")).toEqual({ outcome: "undeclared" });
    expect(await storage.drainTokens("limit:api", "api", null, t0)).toBe("no-rate");
    expect(await storage.drainTokens("limit:other", "other", null, t0)).toBe("undeclared");
  });

  law(
    "a drained bucket is empty for everybody for as long as was said",
    async ({ storage, connect }) => {
      await storage.declareScopes([scopeOf("api", { rate: perMinute(60) })]);
      expect(await storage.drainTokens("limit:api", "api", 10_000, t0)).toBe("drained");
      const other = await connect();
      expect(await take(other, t0)).toEqual({ outcome: "denied", retryAfterMs: 10_000 });
      await storage.drainTokens("limit:api", "api", 1_000, t0 + 1);
      expect(await takeAll(other, t0 + 9_999)).toEqual({ granted: 0, retryAfterMs: 1 });
      expect(await takeAll(other, t0 + 11_000)).toEqual({ granted: 2, retryAfterMs: 1_000 });
      await storage.drainTokens("limit:api", "api", null, t0 + 11_000);
      expect(await take(other, t0 + 11_000)).toEqual({ outcome: "denied", retryAfterMs: minute });
    },
  );

  law(
    "an edited rate counts at once, and an old emptiness no longer than it takes to fill anew",
    async ({ storage }) => {
      await storage.declareScopes([scopeOf("api", { rate: { count: 2, perMs: 60 * minute } })]);
      for (const gate of ["limit:api", "limit:api:a", "limit:apis"]) {
        await storage.takeTokens(gate, "api", 2, t0);
      }
      await storage.updateScope("api", { concurrent: 1 }, t0);
      expect(await takeAll(storage)).toEqual({ granted: 0, retryAfterMs: 30 * minute });
      await storage.updateScope("api", { rate: perMinute(60) }, t0);
      expect(await takeAll(storage)).toEqual({ granted: 0, retryAfterMs: 1_000 });
      expect(await storage.takeTokens("limit:api:a", "api", 1, t0)).toMatchObject({
        retryAfterMs: 1_000,
      });
      const other = await storage.takeTokens("limit:apis", "api", 1, t0);
      expect(other, "another scope's bucket is left alone").not.toMatchObject({
        retryAfterMs: 1_000,
      });
    },
  );
};

/** How the admission of jobs uses rates. */
export const rateAdmissionLaws: Chapter = (law) => {
  const gates = [{ gate: "limit:api", weight: 1 }];
  const admit = (storage: Storage, now = t0) => storage.admitJobs(["limit:api"], now);

  law(
    "as many jobs are let in as a rate has tokens, the next when one has come back",
    async ({ storage }) => {
      await storage.declareScopes([scopeOf("api", { rate: perMinute(3) })]);
      await hire(storage);
      await enqueue(storage, ...Array.from({ length: 5 }, () => aJob({ gates })));
      expect(await admit(storage)).toMatchObject({ rows: 3, nextAt: t0 + 20_000, undeclared: [] });
      expect(await admit(storage, t0 + 19_999)).toMatchObject({ rows: 0, nextAt: t0 + 20_000 });
      expect(await admit(storage, t0 + 20_000)).toMatchObject({ rows: 1, nextAt: t0 + 40_000 });
      expect(await admit(storage, t0 + 40_000)).toMatchObject({ rows: 1, nextAt: null });
    },
  );

  law("jobs and those who take by hand share the bucket", async ({ storage }) => {
    await storage.declareScopes([scopeOf("api", { rate: perMinute(3) })]);
    await hire(storage);
    expect(await take(storage, t0, 2)).toEqual({ outcome: "granted" });
    await enqueue(storage, ...Array.from({ length: 2 }, () => aJob({ gates })));
    expect(await admit(storage)).toMatchObject({ rows: 1 });
    expect(await take(storage)).toEqual({ outcome: "denied", retryAfterMs: 20_000 });
    await storage.drainTokens("limit:api", "api", 5 * minute, t0);
    expect(await admit(storage, t0 + minute)).toMatchObject({ rows: 0, nextAt: t0 + 5 * minute });
  });

  law(
    "a job takes its weight, and one too heavy for the rate takes all there is",
    async ({ storage }) => {
      await storage.declareScopes([scopeOf("api", { rate: perMinute(6) })]);
      await hire(storage);
      const heavy = (weight: number) => aJob({ gates: [{ gate: "limit:api", weight }] });
      await enqueue(storage, heavy(4), heavy(4), heavy(100));
      expect(await admit(storage)).toMatchObject({ rows: 1, nextAt: t0 + 20_000 });
      expect(await admit(storage, t0 + 20_000)).toMatchObject({ rows: 1 });
      expect(await admit(storage, t0 + 80_000)).toMatchObject({ rows: 1, nextAt: null });
    },
  );

  law("a rate says how often a job begins, so its end gives nothing back", async ({ storage }) => {
    await storage.declareScopes([scopeOf("api", { rate: perMinute(1) })]);
    await hire(storage);
    const [first] = await enqueue(storage, aJob({ gates }), aJob({ gates }));
    expect(await admit(storage)).toMatchObject({ rows: 1 });
    await storage.deleteJob(first ?? "");
    expect(await admit(storage)).toMatchObject({ rows: 0, nextAt: t0 + minute });
  });

  law(
    "a limit nobody declared lets nothing in and is named; declared, it does",
    async ({ storage }) => {
      await hire(storage);
      await enqueue(storage, aJob({ gates }));
      expect(await admit(storage)).toMatchObject({ rows: 0, undeclared: ["api"] });
      await storage.declareScopes([scopeOf("api", { rate: perMinute(1) })]);
      expect(await admit(storage)).toMatchObject({ rows: 1, undeclared: [] });
    },
  );

  law(
    "admissions of many processes at once let in no more than the rate",
    async ({ storage, connect }) => {
      await storage.declareScopes([scopeOf("api", { rate: perMinute(10) })]);
      await hire(storage);
      await enqueue(storage, ...Array.from({ length: 50 }, () => aJob({ gates })));
      const storages = [storage, await connect(), await connect()];
      await Promise.all(Array.from({ length: 12 }, (_, n) => admit(storages[n % 3] ?? storage)));
      await admit(storage);
      expect(await storage.countJobs({})).toMatchObject({ available: 10, blocked: 40 });
    },
  );

  law("a scope says what is held and who waits, over all its keys", async ({ storage }) => {
    await storage.declareScopes([
      scopeOf("api", { concurrent: 3 }),
      scopeOf("apis", { concurrent: 1 }),
    ]);
    await hire(storage);
    const keyed = (key: string) => aJob({ gates: [{ gate: `limit:api:${key}`, weight: 2 }] });
    const [first] = await enqueue(storage, keyed("a"), keyed("a"), keyed("b:c"));
    await storage.admitJobs(["limit:api:a", "limit:api:b:c"], t0);
    expect(await storage.listScopes()).toMatchObject([
      { scope: "api", held: 4, waiting: 1 },
      { scope: "apis", held: 0, waiting: 0 },
    ]);
    await storage.cancelJob(first ?? "", { why: "", by: null, at: t0 });
    await storage.admitJobs(["limit:api:a"], t0);
    expect(single((await storage.listScopes()).slice(0, 1))).toMatchObject({ held: 4, waiting: 0 });
  });
};
