import { expect } from "vitest";
import type { JobState } from "../../src/core/job.ts";
import { bring, jobAt, stateOf } from "./bring.ts";
import { admitAt, claimGated, claimIds, expectSoundAdmission, laneOf } from "./gates.ts";
import { aJob, claim, enqueue, enqueueOne, hire, runOne, settleOne, someJobs, t0 } from "./jobs.ts";
import type { Chapter } from "./law.ts";

const waiting = ["available", "blocked", "scheduled", "retryable"] as const;
const refused: Readonly<Partial<Record<JobState, "running" | "finished">>> = {
  running: "running",
  completed: "finished",
  cancelled: "finished",
  discarded: "finished",
};
const everything = {
  priority: 2,
  queue: "elsewhere",
  payload: { json: "null", version: 7 },
  tags: ["it's", '"new"'],
};
const gates = laneOf("a");

/** What operators change of jobs that wait. */
export const updateLaws: Chapter = (law) => {
  for (const from of waiting) {
    law(
      `an update of a job that is ${from} changes what it names and nothing else`,
      async (place) => {
        const { storage } = place;
        const id = await bring(place, from, { payload: '{"n":1}', tags: ["old"], priority: 4 });
        const before = await jobAt(storage, id);
        const dueAt = from === "scheduled" || from === "retryable" ? before.runAt : null;
        const named = { payload: null, version: 7, queue: "elsewhere", priority: 2 };
        expect(await storage.updateJob(id, { tags: [] }, t0)).toEqual({ queue: "default", dueAt });
        expect(await jobAt(storage, id)).toEqual({ ...before, tags: [] });
        expect(await storage.updateJob(id, everything, t0)).toEqual({ queue: "elsewhere", dueAt });
        expect(await jobAt(storage, id)).toEqual({ ...before, ...named, tags: everything.tags });
        const payload = { json: '"next"' };
        await storage.updateJob(id, { payload }, t0);
        const after = { ...before, ...named, tags: everything.tags, payload: "next" };
        expect(await jobAt(storage, id)).toEqual(after);
      },
    );

    law(`an update to a later time makes a job that is ${from} wait for it`, async (place) => {
      const { storage } = place;
      const id = await bring(place, from);
      const before = await jobAt(storage, id);
      const runAt = t0 + 90_000;
      const answer = { queue: "elsewhere", dueAt: runAt };
      expect(await storage.updateJob(id, { ...everything, runAt }, t0)).toEqual(answer);
      expect(await jobAt(storage, id)).toEqual({
        ...before,
        payload: null,
        version: 7,
        queue: "elsewhere",
        priority: 2,
        tags: everything.tags,
        runAt,
        waitingFor: null,
        state: from === "retryable" ? "retryable" : "scheduled",
      });
      expect(await storage.promoteJobs(10, runAt - 1)).toMatchObject({ rows: 0, nextDueAt: runAt });
      expect(await storage.promoteJobs(10, runAt)).toMatchObject({ rows: 1 });
    });

    law(`an update to a time not after now makes a job that is ${from} due`, async (place) => {
      const { storage } = place;
      const id = await bring(place, from);
      const answer = { queue: "elsewhere", dueAt: null };
      expect(await storage.updateJob(id, { ...everything, runAt: 5 }, t0 + 1)).toEqual(answer);
      const { state, priority, payload } = await jobAt(storage, id);
      const due = from === "blocked" ? "blocked" : "available";
      expect({ state, priority, payload }).toEqual({ state: due, priority: 2, payload: null });
    });
  }

  for (const [from, answer] of Object.entries(refused)) {
    law(
      `an update of a job that is ${from} answers ${answer} and changes nothing`,
      async (place) => {
        const { storage } = place;
        const id = await bring(place, from as JobState);
        const before = await jobAt(storage, id);
        for (const runAt of [{}, { runAt: 0 }, { runAt: t0 + 90_000 }]) {
          expect(await storage.updateJob(id, { ...everything, ...runAt }, t0)).toBe(answer);
        }
        expect(await jobAt(storage, id)).toEqual(before);
      },
    );
  }

  law("an update of a job that is not there answers missing", async ({ storage }) => {
    for (const id of ["999999999", "0"]) {
      expect(await storage.updateJob(id, everything, t0)).toBe("missing");
    }
  });

  law("a job with a new priority is claimed by it, at the end of its line", async ({ storage }) => {
    const [a, b, c, d] = await enqueue(storage, ...someJobs(4));
    const owner = await hire(storage);
    await storage.updateJob(d ?? "", { priority: 1 }, t0);
    await storage.updateJob(b ?? "", { priority: 1 }, t0);
    await storage.updateJob(a ?? "", { priority: 9 }, t0);
    // What is given again is no change, and costs no place in the line.
    await storage.updateJob(c ?? "", { priority: 5, queue: "default", tags: ["t"] }, t0);
    const order = [];
    for (let count = 0; count < 4; count++) {
      const [job] = await claim(storage, owner, { limit: 1 });
      order.push(job?.lease.id);
    }
    expect(order).toEqual([d, b, c, a]);
  });

  law("a job moved to another queue is claimed there and no longer here", async ({ storage }) => {
    const id = await enqueueOne(storage);
    const owner = await hire(storage);
    // Whatever the queue's claims have seen, what comes into it is found.
    const before = await enqueueOne(storage, { queue: "side" });
    const side = { queues: [{ queue: "side", limit: 10 }] };
    const request = { ...side, limit: 10, handlers: { work: 1 }, now: t0, owner };
    const { floors } = await storage.claimJobs({ ...request, floors: {} });
    await storage.updateJob(id, { queue: "side" }, t0);
    expect(await claim(storage, owner)).toEqual([]);
    const there = await storage.claimJobs({ ...request, floors });
    expect(there.jobs.map(({ lease, queue }) => [lease.id, queue])).toEqual([[id, "side"]]);
    expect(await stateOf(storage, before)).toBe("running");
  });

  law("a new payload and its version are what the next claim gets", async ({ storage }) => {
    const id = await enqueueOne(storage, { payload: '"old"' });
    const owner = await hire(storage);
    await storage.updateJob(id, { payload: { json: '["new"]', version: 3 } }, t0);
    expect(await claim(storage, owner)).toEqual([]);
    const [job] = await claim(storage, owner, { handlers: { work: 3 } });
    expect(job).toMatchObject({ payload: '["new"]', version: 3 });
  });

  law(
    "one let in that is put off makes room for the next, and queues up anew",
    async ({ storage }) => {
      const owner = await hire(storage);
      const [first, second] = await enqueue(storage, ...someJobs(2, { gates }));
      await admitAt(storage, gates);
      await storage.updateJob(first ?? "", { runAt: t0 + 10 }, t0);
      expect(await claimIds(storage, owner)).toEqual([second]);
      await storage.promoteJobs(10, t0 + 10);
      await admitAt(storage, gates);
      expect(await claimGated(storage, owner)).toEqual([]);
      expect(await stateOf(storage, first ?? "")).toBe("blocked");
      await expectSoundAdmission(storage);
    },
  );

  law(
    "one that waits in a paused queue is let in once it is moved to an open one",
    async ({ storage }) => {
      const owner = await hire(storage);
      await hire(storage, { queues: ["shut"] });
      await storage.pauseQueue("shut", true, t0);
      const id = await enqueueOne(storage, { gates, queue: "shut" });
      await admitAt(storage, gates);
      expect(await stateOf(storage, id)).toBe("blocked");
      await storage.updateJob(id, { queue: "default" }, t0);
      expect(await claimIds(storage, owner)).toEqual([id]);
    },
  );

  law("a job changed while it backs off keeps its attempts", async ({ storage }) => {
    const job = await runOne(storage);
    await settleOne(storage, job, "retryable", { attempt: 2, crashes: 1, backoffMs: 40 });
    const { id } = job.lease;
    const before = await jobAt(storage, id);
    await storage.updateJob(id, { runAt: 0, priority: 1 }, t0);
    const { attempt, crashes, run } = await jobAt(storage, id);
    expect({ attempt, crashes, run }).toEqual({
      attempt: before.attempt,
      crashes: before.crashes,
      run: before.run,
    });
  });

  law(
    "an update and claims at once: the job runs as it was, or as it is now",
    async ({ storage, connect }) => {
      const other = await connect();
      const owner = await hire(storage);
      const ids = await enqueue(storage, ...someJobs(12).map(() => aJob({ payload: '"old"' })));
      const [claimed, ...answers] = await Promise.all([
        claim(other, owner, { limit: 6 }),
        ...ids.map((id) => storage.updateJob(id, { payload: { json: '"new"' } }, t0)),
      ]);
      const payloads = new Map(claimed.map(({ lease, payload }) => [lease.id, payload]));
      for (const [index, id] of ids.entries()) {
        const updated = answers[index] !== "running";
        const stored = JSON.stringify((await jobAt(storage, id)).payload);
        expect(stored).toBe(updated ? '"new"' : '"old"');
        expect(payloads.get(id) ?? stored).toBe(stored);
      }
    },
  );
};
