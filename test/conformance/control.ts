import { expect } from "vitest";
import { type JobState, jobStates } from "../../src/core/job.ts";
import { bring, jobAt, stateOf } from "./bring.ts";
import {
  aJob,
  claim,
  enqueueOne,
  hire,
  runOne,
  settleOne,
  single,
  stop,
  t0,
  uniqueOn,
} from "./jobs.ts";
import type { Chapter } from "./law.ts";

type Answers<Answer extends string> = Readonly<Record<JobState | "missing", Answer>>;

const cancelAnswers: Answers<"cancelled" | "cancelling" | "finished" | "missing"> = {
  scheduled: "cancelled",
  available: "cancelled",
  blocked: "cancelled",
  retryable: "cancelled",
  running: "cancelling",
  completed: "finished",
  cancelled: "finished",
  discarded: "finished",
  missing: "missing",
};

const retryAnswers: Answers<"retried" | "not-retryable" | "missing"> = {
  scheduled: "not-retryable",
  available: "not-retryable",
  blocked: "not-retryable",
  retryable: "not-retryable",
  running: "not-retryable",
  completed: "not-retryable",
  cancelled: "retried",
  discarded: "retried",
  missing: "missing",
};

const runNowAnswers: Answers<"available" | "already" | "finished" | "missing"> = {
  scheduled: "available",
  retryable: "available",
  available: "already",
  blocked: "already",
  running: "already",
  completed: "finished",
  cancelled: "finished",
  discarded: "finished",
  missing: "missing",
};

const deleteAnswers: Answers<"deleted" | "running" | "missing"> = {
  scheduled: "deleted",
  available: "deleted",
  blocked: "deleted",
  retryable: "deleted",
  running: "running",
  completed: "deleted",
  cancelled: "deleted",
  discarded: "deleted",
  missing: "missing",
};

/** The state a verb's answer leaves a job in; the others leave it as it was. */
const after: Readonly<Record<string, JobState | undefined>> = {
  cancelled: "cancelled",
  retried: "available",
  available: "available",
};

export const controlLaws: Chapter = (law) => {
  for (const from of [...jobStates, "missing"] as const) {
    const verbs = [
      { verb: "cancel", answer: cancelAnswers[from] },
      { verb: "retry", answer: retryAnswers[from] },
      { verb: "runNow", answer: runNowAnswers[from] },
      { verb: "delete", answer: deleteAnswers[from] },
    ] as const;
    for (const { verb, answer } of verbs) {
      law(`${verb} answers ${answer} for a job that is ${from}`, async (place) => {
        const { storage } = place;
        const id = from === "missing" ? "999999999" : await bring(place, from);
        const call = {
          cancel: () => storage.cancelJob(id, stop),
          retry: () => storage.retryJob(id, t0 + 1),
          runNow: () => storage.runJobNow(id, t0 + 1),
          delete: () => storage.deleteJob(id),
        }[verb];
        expect(await call()).toBe(answer);
        const unchanged = from === "missing" || answer === "deleted" ? undefined : from;
        expect(await stateOf(storage, id)).toBe(after[answer] ?? unchanged);
      });
    }
  }

  law("a cancelled waiting job says when, why and by whom", async ({ storage }) => {
    for (const by of ["ops", null]) {
      const id = await enqueueOne(storage);
      await storage.cancelJob(id, { why: `it's "over" 😀`, by, at: t0 + 5 });
      const message = `it's "over" 😀`;
      expect((await jobAt(storage, id)).reason).toEqual(
        by === null ? { code: "JOB_CANCELLED", message } : { code: "JOB_CANCELLED", message, by },
      );
      expect(await jobAt(storage, id)).toMatchObject({ finishedAt: t0 + 5, worker: null, run: 0 });
    }
  });

  law("a running job shows the request to cancel it", async ({ storage }) => {
    const job = await runOne(storage);
    expect((await jobAt(storage, job.lease.id)).cancelRequested).toBeNull();
    await storage.cancelJob(job.lease.id, stop);
    expect(await jobAt(storage, job.lease.id)).toMatchObject({
      state: "running",
      cancelRequested: stop,
    });
  });

  law("of two requests to cancel a running job the first is kept", async ({ storage }) => {
    const { lease } = await runOne(storage);
    await storage.cancelJob(lease.id, stop);
    const later = { why: "later", by: null, at: t0 + 1 };
    expect(await storage.cancelJob(lease.id, later)).toBe("cancelling");
    expect((await jobAt(storage, lease.id)).cancelRequested).toEqual(stop);
  });

  law("a cancelled job is never claimed", async ({ storage }) => {
    const id = await enqueueOne(storage);
    await storage.cancelJob(id, stop);
    expect(await claim(storage, await hire(storage))).toEqual([]);
  });

  law("a retried job has a fresh budget, and its state and history", async ({ storage }) => {
    const job = await runOne(storage);
    await storage.patchJob(job.lease, { checkpoint: "[1]" });
    const attempts = [
      { number: 1, run: 1, worker: "1", began: t0, ended: t0 + 1, how: "failed" as const },
    ];
    await settleOne(storage, job, "discarded", { attempts, attempt: 20, crashes: 3 });
    expect(await storage.retryJob(job.lease.id, t0 + 9)).toBe("retried");
    expect(await jobAt(storage, job.lease.id)).toMatchObject({
      state: "available",
      attempt: 0,
      crashes: 0,
      run: 1,
      checkpoint: [1],
      attempts,
      reason: null,
      finishedAt: null,
      claimedAt: null,
      runAt: t0 + 9,
    });
    const again = single(await claim(storage, job.lease.owner));
    expect(again).toMatchObject({ attempt: 1, lease: { run: 2 }, started: true, backoffMs: 0 });
  });

  law("a retried job goes to the end of its priority", async ({ storage }) => {
    const first = await enqueueOne(storage);
    await storage.cancelJob(first, stop);
    const second = await enqueueOne(storage);
    await storage.retryJob(first, t0);
    const jobs = await claim(storage, await hire(storage));
    expect(jobs.map(({ lease }) => lease.id)).toEqual([second, first]);
  });

  law("a retried job takes its key again", async (place) => {
    const { storage } = place;
    const unique = uniqueOn("k");
    const id = await bring(place, "discarded", { unique });
    await storage.retryJob(id, t0);
    expect(single(await storage.insertJobs([aJob({ unique })]))).toEqual({
      id,
      outcome: "existing",
    });
  });

  law(
    "a retry whose key is held is UNIQUE_CONFLICT with the holder, and changes nothing",
    async (place) => {
      const { storage } = place;
      const unique = uniqueOn("k");
      const id = await bring(place, "cancelled", { unique });
      const before = await jobAt(storage, id);
      const holder = await enqueueOne(storage, { unique });
      await expect(storage.retryJob(id, t0)).rejects.toMatchObject({
        name: "HoldfastError",
        code: "UNIQUE_CONFLICT",
        details: { holder },
      });
      expect(await jobAt(storage, id)).toEqual(before);
    },
  );

  law("a job that holds its key for good can be retried", async (place) => {
    const unique = uniqueOn("k", { while: "ever" });
    const id = await bring(place, "discarded", { unique });
    expect(await place.storage.retryJob(id, t0)).toBe("retried");
    expect(single(await place.storage.insertJobs([aJob({ unique })]))).toEqual({
      id,
      outcome: "existing",
    });
  });

  law("a deleted job frees the key it holds for good", async (place) => {
    const unique = uniqueOn("k", { while: "ever" });
    const id = await bring(place, "completed", { unique });
    await place.storage.deleteJob(id);
    expect(single(await place.storage.insertJobs([aJob({ unique })])).outcome).toBe("enqueued");
  });

  law("deleting a job that lost its key leaves the key with the holder", async (place) => {
    const { storage } = place;
    const unique = uniqueOn("k");
    const old = await bring(place, "cancelled", { unique });
    const holder = await enqueueOne(storage, { unique });
    expect(await storage.deleteJob(old)).toBe("deleted");
    expect(single(await storage.insertJobs([aJob({ unique })]))).toEqual({
      id: holder,
      outcome: "existing",
    });
  });

  law("a job run now can be claimed, behind those available before it", async ({ storage }) => {
    const late = await enqueueOne(storage, { runAt: t0 + 60_000 });
    const early = await enqueueOne(storage);
    await storage.runJobNow(late, t0 + 3);
    expect((await jobAt(storage, late)).runAt).toBe(t0 + 3);
    const jobs = await claim(storage, await hire(storage));
    expect(jobs.map(({ lease }) => lease.id)).toEqual([early, late]);
  });

  law("a job run now keeps its attempts and its key", async (place) => {
    const { storage } = place;
    const unique = uniqueOn("k");
    const job = await runOne(storage, { unique });
    await settleOne(storage, job, "retryable", { attempt: 4, crashes: 1 });
    await storage.runJobNow(job.lease.id, t0);
    expect(await jobAt(storage, job.lease.id)).toMatchObject({ attempt: 4, crashes: 1, run: 1 });
    expect(single(await storage.insertJobs([aJob({ unique })])).outcome).toBe("existing");
  });

  law("pausing and resuming a queue is shown, and again changes nothing", async ({ storage }) => {
    for (const paused of [true, true, false, false]) {
      await storage.pauseQueue("q", paused);
      expect(single(await storage.listQueues())).toMatchObject({ name: "q", paused });
    }
  });

  law("a job already running is untouched by a pause", async ({ storage }) => {
    const job = await runOne(storage);
    await storage.pauseQueue("default", true);
    expect(await storage.patchJob(job.lease, { progress: "1" })).toBe(true);
    expect(await settleOne(storage, job, "completed")).toEqual({ outcome: "settled" });
  });

  law("a queue nobody cooled is at level 0, open", async ({ storage }) => {
    expect(await storage.getCooling("nobody")).toEqual({ level: 0, closedUntil: 0 });
    await storage.pauseQueue("paused", true);
    expect(await storage.getCooling("paused")).toEqual({ level: 0, closedUntil: 0 });
  });

  law("a queue is cooled only from what it was", async ({ storage }) => {
    const open = { level: 0, closedUntil: 0 };
    const one = { level: 1, closedUntil: 4_000_000_000_000 };
    const two = { level: 2, closedUntil: 4_100_000_000_000 };
    expect(await storage.coolQueue("q", one, two)).toBe(false);
    expect(await storage.coolQueue("q", open, one)).toBe(true);
    expect(await storage.coolQueue("q", open, two)).toBe(false);
    expect(await storage.getCooling("q")).toEqual(one);
    expect(await storage.coolQueue("q", one, two)).toBe(true);
    expect(single(await storage.listQueues())).toMatchObject({
      name: "q",
      paused: false,
      closedUntil: two.closedUntil,
    });
  });

  law("of those who cool a queue at once exactly one does", async ({ storage, connect }) => {
    const other = await connect();
    const open = { level: 0, closedUntil: 0 };
    const calls = [storage, other, storage, other].map((each, index) =>
      each.coolQueue("q", open, { level: 1, closedUntil: t0 + index }),
    );
    const answers = await Promise.all(calls);
    expect(answers.filter(Boolean)).toHaveLength(1);
    const { closedUntil } = await storage.getCooling("q");
    expect(closedUntil).toBe(t0 + answers.indexOf(true));
  });
};
