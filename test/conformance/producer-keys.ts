import { expect } from "vitest";
import { newJob, planNamedJobs } from "../../src/core/new-job.ts";
import { bring, jobAt, stateOf } from "./bring.ts";
import { claim, hire, settleOne, single, t0 } from "./jobs.ts";
import type { Chapter } from "./law.ts";
import { expectRefused } from "./refused-producer.ts";

export const producerKeyLaws: Chapter = (law) => {
  const keyed = (more: object = {}) => JSON.stringify({ unique: { key: "k", ...more } });
  const replacing = { while: "waiting", onConflict: "replace" } as const;
  const unique = { key: "k", while: "waiting", until: null, onConflict: "skip" } as const;

  law("a producer meets the holder of a key, whoever enqueued it", async (place) => {
    const holder = await bring(place, "available", {
      unique: { ...unique, while: "unfinished" },
    });
    const producer = await place.producer();
    expect(await producer.enqueue("work", "2", keyed())).toEqual({
      id: holder,
      outcome: "existing",
    });
    expect(await producer.enqueue("other", "2", keyed())).toMatchObject({ outcome: "enqueued" });
    await expectRefused(
      place,
      "UNIQUE_CONFLICT",
      producer.enqueue("work", "2", keyed({ onConflict: "error" })),
      2,
    );
  });

  law("a client meets the holder of a key that a producer took", async (place) => {
    const { storage } = place;
    const { id } = await (await place.producer()).enqueue("work", "1", keyed());
    const job = await newJob(planNamedJobs("work", { unique: { key: "k" } }), 2, t0);
    expect(await storage.insertJobs([job])).toEqual([{ id, outcome: "existing" }]);
    const taken = single(await claim(storage, await hire(storage)));
    await settleOne(storage, taken, "completed");
    expect(single(await storage.insertJobs([job])).outcome).toBe("enqueued");
  });

  const later = { delay: "1h" };
  const lane = { lane: "l" };
  const places = { available: {}, scheduled: later, blocked: lane } as const;
  for (const from of ["available", "scheduled", "blocked"] as const) {
    law(`a producer replaces a holder that is ${from} by whatever it wants`, async (place) => {
      const { storage } = place;
      const producer = await place.producer();
      for (const [to, more] of Object.entries(places)) {
        const name = `to-${to}`;
        const holder = await bring(place, from, { name, unique, payload: '"old"' });
        const options = { unique: { key: "k", ...replacing }, priority: 1, tags: ["t"], ...more };
        const receipt = await producer.enqueue(name, '"new"', JSON.stringify(options));
        expect(receipt).toEqual({ id: holder, outcome: "replaced" });
        expect(await jobAt(storage, holder)).toMatchObject({
          state: to,
          payload: "new",
          priority: 1,
          tags: ["t"],
          uniqueKey: "k",
          gates: to === "blocked" ? [{ gate: "lane:l", weight: 1 }] : [],
        });
        expect(await storage.listJobs({ name }, 10)).toHaveLength(1);
      }
    });
  }

  law("a job that has started is not replaced: there is a new one", async (place) => {
    const running = await bring(place, "running", { unique });
    const producer = await place.producer();
    const { id, outcome } = await producer.enqueue("work", "2", keyed(replacing));
    expect(outcome).toBe("enqueued");
    expect(id).not.toBe(running);
  });

  law("a holder that runs with its key is met and left alone", async (place) => {
    const running = await bring(place, "running", { unique: { ...unique, while: "unfinished" } });
    const producer = await place.producer();
    const { id, outcome } = await producer.enqueue("work", "2", keyed(replacing));
    expect({ id, outcome }).toEqual({ id: running, outcome: "existing" });
    expect(await stateOf(place.storage, running)).toBe("running");
  });

  law("a producer takes a key whose time is up", async (place) => {
    await bring(place, "available", { unique: { ...unique, until: t0 } });
    const producer = await place.producer();
    const taken = await producer.enqueue("work", "2", keyed({ within: "1h" }));
    expect(taken.outcome).toBe("enqueued");
    expect(await producer.enqueue("work", "3", keyed())).toEqual({ ...taken, outcome: "existing" });
  });

  law("of many producers at once of one key exactly one makes a job", async (place) => {
    const producers = await Promise.all([1, 2, 3].map(() => place.producer()));
    const calls = producers.flatMap((producer) =>
      Array.from({ length: 4 }, () => producer.enqueue("work", "1", keyed())),
    );
    const receipts = await Promise.all(calls);
    expect(receipts.filter(({ outcome }) => outcome === "enqueued")).toHaveLength(1);
    expect(new Set(receipts.map(({ id }) => id)).size).toBe(1);
  });

  law("a producer's repeated request gives the job it made", async (place) => {
    const { storage } = place;
    const producer = await place.producer();
    const options = '{"idempotencyKey":"request"}';
    const first = await producer.enqueue("work", "1", options);
    const again = { id: first.id, outcome: "existing" };
    expect(await producer.enqueue("work", "2", options)).toEqual(again);
    const job = await newJob(planNamedJobs("work", { idempotencyKey: "request" }), 3, t0);
    expect(await storage.insertJobs([job])).toEqual([again]);
    const taken = single(await claim(storage, await hire(storage)));
    await settleOne(storage, taken, "completed");
    // It ended at the beginning of all laws, so its key counts no more.
    expect((await producer.enqueue("work", "4", options)).outcome).toBe("enqueued");
    expect(await storage.listJobs({}, 10)).toHaveLength(2);
  });

  law("a request that met a key's holder is the holder's from then on", async (place) => {
    const { storage } = place;
    const producer = await place.producer();
    const holder = await producer.enqueue("work", "1", keyed());
    const options = JSON.stringify({ unique: { key: "k" }, idempotencyKey: "request" });
    const met = { id: holder.id, outcome: "existing" };
    expect(await producer.enqueue("work", "2", options)).toEqual(met);
    expect(await producer.enqueue("work", "3", '{"idempotencyKey":"request"}')).toEqual(met);
    expect(await storage.listJobs({}, 10)).toHaveLength(1);
  });
};
