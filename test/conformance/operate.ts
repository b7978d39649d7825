import { expect } from "vitest";
import { defaults } from "../../src/core/defaults.ts";
import { type JobState, jobStates } from "../../src/core/job.ts";
import { type BulkRequest, type Operation, readBulkRequest } from "../../src/core/operation.ts";
import type { OperateAnswer } from "../../src/storage/contract/operate.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { bring, jobAt, stateOf } from "./bring.ts";
import { counted } from "./counted.ts";
import { claimIds, laneOf, serving } from "./gates.ts";
import {
  aJob,
  claim,
  enqueue,
  enqueueOne,
  hire,
  single,
  someJobs,
  stop,
  t0,
  uniqueOn,
} from "./jobs.ts";
import type { Chapter } from "./law.ts";

/** Stores an operation as a client does. */
export async function start(storage: Storage, request: BulkRequest, now = t0): Promise<Operation> {
  const asked = readBulkRequest("law", request, now);
  const counts = await storage.countJobs(asked.conditions);
  const matched = Object.values(counts).reduce((sum, count) => sum + count);
  return storage.startOperation({ ...asked, matched, counted: null });
}

/** Works until nothing is left to do; gives what each chunk did. */
export async function workOff(
  storage: Storage,
  limit = 100,
  now = t0,
): Promise<readonly OperateAnswer[]> {
  const answers: OperateAnswer[] = [];
  for (;;) {
    const answer = await storage.workOperation(limit, now);
    if (answer === undefined) return answers;
    answers.push(answer);
  }
}

/** Does it all, and gives the operation as it is afterwards. */
async function carryOut(storage: Storage, request: BulkRequest, limit = 100): Promise<Operation> {
  const { id } = await start(storage, request);
  await workOff(storage, limit, t0 + 1);
  const operation = await storage.getOperation(id);
  if (operation === undefined) throw new Error("the operation is gone");
  return operation;
}

/** What each action makes of a job in each state; what is left out stays as it is. */
const outcomes: Readonly<
  Record<BulkRequest["action"], Readonly<Partial<Record<JobState, JobState | "gone" | "asked">>>>
> = {
  retry: { cancelled: "available", discarded: "available" },
  cancel: {
    scheduled: "cancelled",
    available: "cancelled",
    blocked: "cancelled",
    retryable: "cancelled",
    running: "asked",
  },
  runNow: { scheduled: "available", retryable: "available" },
  delete: {
    scheduled: "gone",
    available: "gone",
    blocked: "gone",
    retryable: "gone",
    completed: "gone",
    cancelled: "gone",
    discarded: "gone",
  },
  move: {
    scheduled: "scheduled",
    available: "available",
    blocked: "blocked",
    retryable: "retryable",
  },
  changePriority: {
    scheduled: "scheduled",
    available: "available",
    blocked: "blocked",
    retryable: "retryable",
  },
};

const requests: Readonly<Record<BulkRequest["action"], BulkRequest>> = {
  retry: { action: "retry", filter: {} },
  cancel: { action: "cancel", filter: {}, why: "no need", by: "ada" },
  runNow: { action: "runNow", filter: {} },
  delete: { action: "delete", filter: {} },
  move: { action: "move", queue: "slow", filter: {} },
  changePriority: { action: "changePriority", priority: 1, filter: {} },
};

export const operateLaws: Chapter = (law) => {
  for (const request of Object.values(requests)) {
    law(
      `a bulk ${request.action} is done to the jobs it can be done to, and no others`,
      async (place) => {
        const { storage } = place;
        const ids = new Map<JobState, string>();
        const order = [...jobStates.filter((state) => state !== "available"), "available" as const];
        for (const state of order) ids.set(state, await bring(place, state));
        const wanted = outcomes[request.action];
        const operation = await carryOut(storage, request);
        const expected = Object.keys(wanted).length;
        expect(operation).toMatchObject({
          matched: expected,
          done: expected,
          skipped: 0,
          failed: 0,
        });
        for (const [state, id] of ids) {
          const outcome = wanted[state];
          const job = await storage.getJob(id);
          const now = outcome === "asked" ? "running" : outcome === "gone" ? undefined : outcome;
          expect([state, job?.state]).toEqual([state, outcome === undefined ? state : now]);
          expect(job?.cancelRequested?.why).toBe(outcome === "asked" ? "no need" : undefined);
          if (outcome === "cancelled")
            expect(job?.reason).toMatchObject({ message: "no need", by: "ada" });
          if (outcome !== undefined && request.action === "move") expect(job?.queue).toBe("slow");
          if (outcome !== undefined && request.action === "changePriority") {
            expect(job?.priority).toBe(1);
          }
        }
      },
    );
  }

  law(
    "an operation says what was asked for, and goes from running to completed",
    async ({ storage }) => {
      await enqueue(storage, ...someJobs(5, { queue: "q" }), aJob());
      const filter = { queue: "q", waitingLongerThan: "0s" } as const;
      const request = { action: "cancel", filter, by: "ada", why: "so" } as const;
      const { id, ...started } = await start(storage, request, t0);
      const same = { action: "cancel", filter, by: "ada", why: "so", queue: null, priority: null };
      const none = { done: 0, skipped: 0, failed: 0, error: null };
      const running = {
        ...same,
        ...none,
        state: "running",
        matched: 5,
        atLeast: false,
        createdAt: t0,
      };
      expect(started).toEqual({ ...running, finishedAt: null });
      expect(await storage.getOperation(id)).toEqual({ id, ...started });
      expect((await workOff(storage, 2, t0 + 9)).map(({ jobs }) => jobs)).toEqual([2, 2, 1]);
      expect(await storage.getOperation(id)).toEqual({
        id,
        ...running,
        state: "completed",
        done: 5,
        finishedAt: t0 + 9,
      });
      expect(await storage.workOperation(10, t0)).toBeUndefined();
    },
  );

  law("jobs that came after an operation began are not its business", async ({ storage }) => {
    const before = await enqueueOne(storage);
    const { id } = await start(storage, { action: "cancel", filter: {} });
    const after = await enqueueOne(storage);
    await workOff(storage);
    expect([await stateOf(storage, before), await stateOf(storage, after)]).toEqual([
      "cancelled",
      "available",
    ]);
    expect(await storage.getOperation(id)).toMatchObject({ done: 1 });
    expect(await carryOut(storage, { action: "delete", filter: { queue: "none" } })).toMatchObject({
      state: "completed",
      matched: 0,
      done: 0,
    });
  });

  law("a job is acted on only if it still matches, and each is visited once", async (place) => {
    const { storage } = place;
    const [first = "", second = "", third = ""] = await enqueue(storage, ...someJobs(3));
    const { id } = await start(storage, {
      action: "move",
      queue: "slow",
      filter: { queue: "default" },
    });
    await storage.workOperation(1, t0);
    await storage.cancelJob(second, stop);
    // Back where it was: it would match again.
    await start(storage, { action: "move", queue: "default", filter: { ids: [first] } });
    await workOff(storage, 1);
    const queues = await Promise.all([first, second, third].map((job) => jobAt(storage, job)));
    expect(queues.map(({ queue }) => queue)).toEqual(["default", "default", "slow"]);
    expect(await storage.getOperation(id)).toMatchObject({ matched: 3, done: 2 });
  });

  law("of many at work at once, each job is acted on by one", async ({ storage, connect }) => {
    const other = await connect();
    await enqueue(storage, ...someJobs(60));
    const { id } = await start(storage, { action: "cancel", filter: {} });
    const answers = await Promise.all(
      [storage, other, storage, other].map(async (each) => {
        const done = [];
        for (let look = 0; look < 20; look += 1) done.push(await each.workOperation(7, t0));
        return done;
      }),
    );
    const last = await workOff(storage);
    const visited = [...answers.flat(), ...last];
    expect(visited.reduce((sum, answer) => sum + (answer?.jobs ?? 0), 0)).toBe(60);
    expect(await storage.getOperation(id)).toMatchObject({
      state: "completed",
      done: 60,
      skipped: 0,
    });
  });

  law("a job claimed meanwhile is left to its worker", async ({ storage, connect }) => {
    const other = await connect();
    const owner = await hire(other);
    await enqueue(storage, ...someJobs(200));
    const { id } = await start(storage, { action: "move", queue: "slow", filter: {} });
    const working = workOff(storage, 10);
    const taken = new Set<string>();
    for (let look = 0; look < 10; look += 1) {
      for (const { lease } of await claim(other, owner, { limit: 5 })) taken.add(lease.id);
    }
    await working;
    const jobs = await storage.listJobs({}, 1_000);
    for (const job of jobs) {
      expect([job.id, job.state, job.queue]).toEqual(
        taken.has(job.id) ? [job.id, "running", "default"] : [job.id, "available", "slow"],
      );
    }
    const { done, skipped } = (await storage.getOperation(id)) as Operation;
    expect(done).toBe(200 - taken.size);
    expect(skipped).toBeLessThanOrEqual(taken.size);
  });

  law(
    "a bulk retry gives a fresh budget, and skips jobs whose key another job holds",
    async (place) => {
      const { storage } = place;
      const cancelled = async (key: string) => {
        const id = await enqueueOne(storage, { unique: uniqueOn(key) });
        await storage.cancelJob(id, stop);
        return id;
      };
      const [free, held, twin, later] = [
        await cancelled("free"),
        await cancelled("held"),
        await cancelled("twin"),
        await cancelled("twin"),
      ];
      const holder = await enqueueOne(storage, { unique: uniqueOn("held") });
      const plain = await bring(place, "discarded", { queue: "z" });
      const operation = await carryOut(storage, { action: "retry", filter: {} });
      expect(operation).toMatchObject({ matched: 5, done: 3, skipped: 2, failed: 0, error: null });
      const states = await Promise.all(
        [free, held, twin, later, plain].map((id) => stateOf(storage, id)),
      );
      expect(states).toEqual(["available", "cancelled", "available", "cancelled", "available"]);
      expect(await jobAt(storage, plain)).toMatchObject({ attempt: 0, reason: null, crashes: 0 });
      await expect(
        storage.insertJobs([aJob({ unique: uniqueOn("free", { onConflict: "error" }) })]),
      ).rejects.toThrow(free);
      expect(await stateOf(storage, holder)).toBe("available");
    },
  );

  law("jobs cancelled in bulk while they wait are counted", async ({ storage }) => {
    await enqueue(storage, ...someJobs(3), aJob({ queue: "q", runAt: t0 + 1 }));
    await carryOut(storage, { action: "cancel", filter: {} });
    expect(await counted(storage)).toEqual({ enqueued: 4, cancelled: 4 });
  });

  law(
    "a deleted or cancelled job gives its key back, and its place in a lane",
    async ({ storage }) => {
      const owner = await hire(storage, serving);
      for (const action of ["cancel", "delete"] as const) {
        const key = uniqueOn(action);
        const gates = laneOf(action);
        const first = await enqueueOne(storage, { unique: key, gates });
        const second = await enqueueOne(storage, { gates });
        await storage.admitJobs(["lane:cancel", "lane:delete"], t0);
        await start(storage, { action, filter: { ids: [first] } });
        const answers = await workOff(storage);
        expect(answers.flatMap(({ queues }) => queues).length, "told, or let in").toBeLessThan(2);
        expect(await claimIds(storage, owner)).toEqual([second]);
        const again = single(await storage.insertJobs([aJob({ unique: key })]));
        expect(again.outcome).toBe("enqueued");
        await storage.deleteJob(again.id);
      }
    },
  );

  law("what is moved is claimed where it was put, in its old order", async ({ storage }) => {
    const owner = await hire(storage, { queues: ["slow"] });
    const ids = await enqueue(storage, ...someJobs(3));
    const [first, second = ""] = await enqueue(storage, ...someJobs(2, { queue: "slow" }));
    const queues = [{ queue: "slow", limit: 1 }];
    const request = { owner, queues, limit: 1, handlers: { work: 1 }, floors: {}, now: t0 };
    const { jobs, floors } = await storage.claimJobs(request);
    expect(jobs.map(({ lease }) => lease.id)).toEqual([first]);
    await start(storage, { action: "move", queue: "slow", filter: { queue: "default" } });
    const answers = await workOff(storage);
    expect(answers.flatMap((answer) => answer.queues)).toEqual(["slow"]);
    await start(storage, { action: "changePriority", priority: 6, filter: { ids: [second] } });
    await workOff(storage);
    const more = { ...request, queues: [{ queue: "slow", limit: 9 }], limit: 9, floors };
    const taken = await storage.claimJobs(more);
    expect(taken.jobs.map(({ lease }) => lease.id)).toEqual([...ids, second]);
  });

  law("an operation that is cancelled stops, and what is done stays done", async ({ storage }) => {
    const ids = await enqueue(storage, ...someJobs(4));
    const { id } = await start(storage, { action: "cancel", filter: {} });
    await storage.workOperation(2, t0);
    expect(await storage.cancelOperation(id, "ada", t0 + 3)).toBe("cancelled");
    expect(await storage.cancelOperation(id, "ada", t0 + 4)).toBe("finished");
    expect(await storage.cancelOperation("99999", null, t0)).toBe("missing");
    expect(await workOff(storage)).toEqual([]);
    expect(await storage.getOperation(id)).toMatchObject({
      state: "cancelled",
      done: 2,
      finishedAt: t0 + 3,
    });
    const states = await Promise.all(ids.map((job) => stateOf(storage, job)));
    expect(states).toEqual(["cancelled", "cancelled", "available", "available"]);
  });

  law(
    "an operation whose jobs cannot be looked for is ended with the reason, and those after it go on",
    async ({ storage, script, table }) => {
      const [id = ""] = await enqueue(storage, ...someJobs(2));
      const broken = await start(storage, { action: "cancel", filter: {} });
      await script(
        `UPDATE ${table("operation")} SET conditions = '{"states":5}' WHERE id = ${broken.id};`,
      );
      const next = await start(storage, { action: "cancel", filter: { ids: [id] } });
      await workOff(storage, 100, t0 + 1);
      expect(await storage.getOperation(broken.id)).toMatchObject({
        state: "cancelled",
        done: 0,
        error: expect.stringMatching(/^Its jobs cannot be looked for: /) as string,
        finishedAt: t0 + 1,
      });
      expect(await storage.getOperation(next.id)).toMatchObject({ state: "completed", done: 1 });
      const { entries } = await storage.listAudit({}, { limit: 2, lookAtMost: 10 });
      const [completed, cancelled] = entries;
      expect(cancelled).toMatchObject({ action: "operation.cancelled", by: null });
      expect(completed).toMatchObject({ action: "operation.completed" });
    },
  );

  law("a job among thousands that do not match is found", async ({ storage }) => {
    await enqueue(storage, ...someJobs(6_000, { runAt: t0 + 1 }));
    const id = await enqueueOne(storage, { queue: "q", runAt: t0 + 1 });
    await enqueue(storage, ...someJobs(6_000, { runAt: t0 + 1 }));
    expect(await carryOut(storage, { action: "runNow", filter: { queue: "q" } })).toMatchObject({
      state: "completed",
      matched: 1,
      done: 1,
    });
    expect(await stateOf(storage, id)).toBe("available");
  });

  law(
    "operations are listed newest first, and the finished are kept for their time",
    async ({ storage }) => {
      const request = { action: "delete", filter: {} } as const;
      const ids = [];
      for (let nth = 0; nth < 3; nth += 1) ids.push((await start(storage, request)).id);
      expect((await storage.listOperations(10)).map(({ id }) => id)).toEqual(ids.toReversed());
      expect((await storage.listOperations(1, ids[2])).map(({ id }) => id)).toEqual([ids[1]]);
      await workOff(storage, 10, t0);
      const last = await start(storage, request, t0 + defaults.operationKeptMs);
      expect(await storage.listOperations(10)).toHaveLength(4);
      await workOff(storage, 10, t0 + defaults.operationKeptMs);
      const newest = await start(storage, request, t0 + defaults.operationKeptMs + 1);
      expect((await storage.listOperations(10)).map(({ id }) => id)).toEqual([newest.id, last.id]);
      for (const none of ["0", "x", "99999", "99999999999999999999"]) {
        expect(await storage.getOperation(none)).toBeUndefined();
      }
    },
  );
};
