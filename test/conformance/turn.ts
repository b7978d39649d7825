import { expect } from "vitest";
import type { ClaimedJob } from "../../src/core/claimed-job.ts";
import type { Settlement } from "../../src/core/settlement.ts";
import type { ClaimFloors } from "../../src/storage/contract/claim.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";
import type { TurnAnswer } from "../../src/storage/contract/turn.ts";
import { jobAt, stateOf } from "./bring.ts";
import {
  aJob,
  claim,
  claimOne,
  enqueue,
  enqueueOne,
  hire,
  runOne,
  settlement,
  single,
  someJobs,
  stop,
  t0,
  uniqueOn,
} from "./jobs.ts";
import type { Chapter, Law } from "./law.ts";

interface Given {
  readonly owner: string;
  readonly limit?: number;
  readonly queues?: readonly { readonly queue: string; readonly limit: number }[];
  readonly floors?: ClaimFloors;
}

/** Takes a turn on the queue `default` with the handler `work`, unless said otherwise. */
async function turn(
  storage: Storage,
  settlements: readonly Settlement[],
  { owner, limit = 1_000, queues = [{ queue: "default", limit }], floors = {} }: Given,
): Promise<TurnAnswer> {
  const handlers = { work: 1 };
  return await storage.settleAndClaim(settlements, {
    owner,
    limit,
    queues,
    handlers,
    floors,
    now: t0,
  });
}

const outcomes = ({ settled }: TurnAnswer) => settled.map(({ outcome }) => outcome);
const idsOf = (jobs: readonly ClaimedJob[]) => jobs.map(({ lease }) => lease.id);

/** A success on the first try, as the runtime settles nearly every job. */
function success(job: ClaimedJob, given: Partial<Settlement> = {}): Settlement {
  const attempt = {
    number: job.attempt,
    run: job.lease.run,
    worker: job.lease.owner,
    began: t0 + 1,
    ended: t0 + 3,
    how: "completed",
  } as const;
  return settlement(job, "completed", { attempts: [...job.attempts, attempt], ...given });
}

/** A worker and the first `count` of the jobs there are. */
async function working(storage: Storage, count: number) {
  const owner = await hire(storage);
  return { owner, jobs: await claim(storage, owner, { limit: count }) };
}

/** What a worker's turn does: every answer of the two calls it stands for. */
export const turnLaws: Chapter = (law) => {
  togetherLaws(law);
  refusalLaws(law);
  claimingLaws(law);
};

function togetherLaws(law: Law): void {
  law("a turn settles what ended and takes what comes next", async ({ storage }) => {
    const ids = await enqueue(storage, ...someJobs(5));
    const { owner, jobs } = await working(storage, 2);
    const answer = await turn(
      storage,
      jobs.map((job) => success(job, { result: job.payload })),
      { owner, limit: 2 },
    );
    expect(outcomes(answer)).toEqual(["settled", "settled"]);
    expect(answer.claimed.jobs.map(({ lease }) => lease)).toEqual(
      ids.slice(2, 4).map((id) => ({ id, owner, run: 1 })),
    );
    expect(answer.claimed.jobs).toMatchObject([{ payload: "2" }, { payload: "3" }]);
    expect(await jobAt(storage, ids[1] ?? "")).toMatchObject({ state: "completed", result: 1 });
    expect(await stateOf(storage, ids[3] ?? "")).toBe("running");
    expect(await stateOf(storage, ids[4] ?? "")).toBe("available");
  });

  law("a turn answers its settlements in order, wherever they lead", async ({ storage }) => {
    await enqueue(storage, ...someJobs(6));
    const { owner, jobs } = await working(storage, 5);
    const targets = ["discarded", "completed", "retryable", "completed", "scheduled"] as const;
    const batch = jobs.map((job, index) => {
      const to = targets[index] ?? "completed";
      return to === "completed" ? success(job) : settlement(job, to);
    });
    const stale = batch.map((one, index) =>
      index === 1 ? { ...one, lease: { ...one.lease, run: 7 } } : one,
    );
    const answer = await turn(storage, stale, { owner });
    expect(outcomes(answer)).toEqual(["settled", "lease-lost", "settled", "settled", "settled"]);
    const states = await Promise.all(idsOf(jobs).map((id) => stateOf(storage, id)));
    expect(states).toEqual(["discarded", "running", "retryable", "completed", "scheduled"]);
    expect(answer.claimed.jobs).toHaveLength(1);
  });

  law("a turn keeps the whole story of what it settled", async ({ storage }) => {
    const first = await runOne(storage, { tags: ["a", 'b"'] });
    const { owner } = first.lease;
    const failure = { ...success(first).attempts[0], how: "failed", error: { message: "no" } };
    const failed = settlement(first, "available", { attempts: [failure] as never });
    await storage.settleJobs([failed], t0);
    const again = single(await claim(storage, owner));
    const second = await claimedAfter(storage, owner);
    const settlements = [success(again, { result: "[1]" }), success(second)];
    expect(outcomes(await turn(storage, settlements, { owner }))).toEqual(["settled", "settled"]);
    for (const [index, { lease, attempts }] of settlements.entries()) {
      const job = await jobAt(storage, lease.id);
      expect(job).toMatchObject({ state: "completed", run: lease.run, worker: null });
      expect(job.attempts).toEqual(attempts);
      expect(job.result).toEqual(index === 0 ? [1] : undefined);
      expect(single(await storage.listJobs({}, 1, String(Number(lease.id) + 1)))).toEqual(job);
    }
    expect((await jobAt(storage, first.lease.id)).tags).toEqual(["a", 'b"']);
  });

  law("jobs settled by one turn keep their own times and results", async ({ storage }) => {
    await enqueue(storage, ...someJobs(6));
    const { owner, jobs } = await working(storage, 6);
    const batch = jobs.map((job, index) => {
      const { attempts } = success(job);
      const times = { began: t0 + Math.floor(index / 3), ended: t0 + 9 + Math.floor(index / 2) };
      const own = { attempts: attempts.map((attempt) => ({ ...attempt, ...times })) };
      return success(job, index === 3 ? { ...own, result: "3" } : own);
    });
    await turn(storage, batch, { owner });
    for (const [index, { lease, attempts }] of batch.entries()) {
      const job = await jobAt(storage, lease.id);
      expect(job.attempts).toEqual(attempts);
      expect(job.result).toBe(index === 3 ? 3 : undefined);
    }
  });

  law("a turn in any order leaves the jobs between its own alone", async ({ storage }) => {
    await enqueue(storage, ...someJobs(6));
    const { owner, jobs } = await working(storage, 6);
    const batch = [5, 0, 4, 2].map((index) => success(jobs[index] as ClaimedJob));
    expect(outcomes(await turn(storage, batch, { owner }))).toEqual(Array(4).fill("settled"));
    const states = await Promise.all(idsOf(jobs).map((id) => stateOf(storage, id)));
    const completed = "completed";
    expect(states).toEqual([completed, "running", completed, "running", completed, completed]);
  });

  law("a turn frees the unique keys of what it finished", async ({ storage }) => {
    const unique = uniqueOn("k");
    const job = await runOne(storage, { unique });
    const kept = await runOne(storage, { unique: uniqueOn("kept"), queue: "other" });
    await turn(storage, [success(job), settlement(kept, "retryable")], job.lease);
    expect(single(await storage.insertJobs([aJob({ unique })])).outcome).toBe("enqueued");
    const other = single(await storage.insertJobs([aJob({ unique: uniqueOn("kept") })]));
    expect(other).toEqual({ id: kept.lease.id, outcome: "existing" });
  });
}

async function claimedAfter(storage: Storage, owner: string): Promise<ClaimedJob> {
  await enqueueOne(storage);
  return single(await claim(storage, owner));
}

function refusalLaws(law: Law): void {
  law("a refused settlement leaves the claim of its turn alone", async ({ storage }) => {
    const job = await runOne(storage);
    const next = await enqueueOne(storage);
    const { owner } = job.lease;
    const strangers = [
      { ...job.lease, run: 9 },
      { ...job.lease, id: "999999999" },
      { ...job.lease, owner: await hire(storage) },
    ].map((lease) => ({ ...success(job), lease }));
    const answer = await turn(storage, strangers, { owner });
    expect(outcomes(answer)).toEqual(["lease-lost", "lease-lost", "lease-lost"]);
    expect(idsOf(answer.claimed.jobs)).toEqual([next]);
    expect(await stateOf(storage, job.lease.id)).toBe("running");
  });

  law("leases lost among successes of one moment leave the others alone", async ({ storage }) => {
    await enqueue(storage, ...someJobs(5));
    const { owner, jobs } = await working(storage, 5);
    const batch = jobs.map((job) => success(job));
    const [, released, again, ended] = jobs as [ClaimedJob, ClaimedJob, ClaimedJob, ClaimedJob];
    const before = [again, released].map((job) => settlement(job, "available"));
    await storage.settleJobs([before[0] as Settlement, success(ended)], t0);
    expect(idsOf(await claim(storage, owner))).toEqual([again.lease.id]);
    await storage.settleJobs([before[1] as Settlement], t0);
    const answer = await turn(storage, batch, { owner, limit: 0 });
    const lost = ["lease-lost", "lease-lost", "lease-lost"];
    expect(outcomes(answer)).toEqual(["settled", ...lost, "settled"]);
    const states = await Promise.all(idsOf(jobs).map((id) => stateOf(storage, id)));
    expect(states).toEqual(["completed", "available", "running", "completed", "completed"]);
  });

  law("of two settlements of one lease in a turn the first is written", async ({ storage }) => {
    for (const to of ["retryable", "completed"] as const) {
      const job = await runOne(storage);
      const first = to === "completed" ? success(job) : settlement(job, to);
      const again = success(job, { result: '"again"' });
      const answer = await turn(storage, [first, first, again], { owner: job.lease.owner });
      expect(outcomes(answer)).toEqual(["settled", "lease-lost", "lease-lost"]);
      const { state, result } = await jobAt(storage, job.lease.id);
      expect([state, result]).toEqual([to, undefined]);
    }
  });

  law("a cancel requested in between is answered and leaves the claim alone", async (place) => {
    const { storage } = place;
    await enqueue(storage, ...someJobs(4));
    const { owner, jobs } = await working(storage, 3);
    const [yielding, winning, plain] = jobs as [ClaimedJob, ClaimedJob, ClaimedJob];
    await storage.cancelJob(yielding.lease.id, stop);
    await storage.cancelJob(winning.lease.id, stop);
    const batch = [settlement(yielding, "retryable"), success(winning), success(plain)];
    const answer = await turn(storage, batch, { owner });
    expect(answer.settled).toEqual([
      { outcome: "cancel-requested", request: stop },
      { outcome: "settled" },
      { outcome: "settled" },
    ]);
    expect(answer.claimed.jobs).toHaveLength(1);
    expect(await stateOf(storage, yielding.lease.id)).toBe("running");
    expect(await stateOf(storage, winning.lease.id)).toBe("completed");
  });

  law("a worker marked dead settles what it still holds and takes nothing", async ({ storage }) => {
    await enqueue(storage, ...someJobs(2));
    const { owner, jobs } = await working(storage, 1);
    const { beat } = single(await storage.listWorkers());
    expect(await storage.markWorkerDead(owner, beat)).toBe(true);
    const answer = await turn(storage, [success(single(jobs))], { owner });
    expect(outcomes(answer)).toEqual(["settled"]);
    expect(answer.claimed.jobs).toEqual([]);
  });
}

function claimingLaws(law: Law): void {
  law("a turn without settlements only claims", async ({ storage }) => {
    const ids = await enqueue(storage, ...someJobs(2));
    const owner = await hire(storage);
    const { settled, claimed } = await turn(storage, [], { owner });
    expect(settled).toEqual([]);
    expect(idsOf(claimed.jobs)).toEqual(ids);
    expect((await turn(storage, [], { owner })).claimed.jobs).toEqual([]);
  });

  law("a turn with no room only settles", async ({ storage }) => {
    await enqueue(storage, ...someJobs(5));
    const { owner, jobs } = await working(storage, 3);
    const rooms = [{ limit: 0 }, { queues: [] }, { queues: [{ queue: "default", limit: 0 }] }];
    for (const [index, room] of rooms.entries()) {
      const answer = await turn(storage, [success(jobs[index] as ClaimedJob)], { owner, ...room });
      expect(outcomes(answer)).toEqual(["settled"]);
      expect(answer.claimed.jobs).toEqual([]);
    }
    expect(await storage.countJobs({})).toMatchObject({ completed: 3, available: 2, running: 0 });
  });

  law("a job released by a turn is there for it or for the next one", async ({ storage }) => {
    const job = await runOne(storage);
    const { owner } = job.lease;
    const answer = await turn(storage, [settlement(job, "available")], { owner });
    expect(outcomes(answer)).toEqual(["settled"]);
    const later = await turn(storage, [], { owner });
    const again = single([...answer.claimed.jobs, ...later.claimed.jobs]);
    expect(again.lease).toEqual({ ...job.lease, run: 2 });
  });

  law("a turn takes nothing of a paused queue and settles its jobs", async ({ storage }) => {
    await enqueue(storage, ...someJobs(2));
    const { owner, jobs } = await working(storage, 1);
    await storage.pauseQueue("default", true);
    const answer = await turn(storage, [success(single(jobs))], { owner });
    expect(outcomes(answer)).toEqual(["settled"]);
    expect(answer.claimed.jobs).toEqual([]);
  });

  law("a key held while waiting is free once a turn took its job", async ({ storage }) => {
    const unique = uniqueOn("k", { while: "waiting" });
    const job = await runOne(storage);
    const id = await enqueueOne(storage, { unique });
    const { claimed } = await turn(storage, [success(job)], job.lease);
    expect(idsOf(claimed.jobs)).toEqual([id]);
    expect(single(await storage.insertJobs([aJob({ unique })])).outcome).toBe("enqueued");
  });

  law("turn after turn every job is taken once, oldest first", async ({ storage }) => {
    const ids = await enqueue(storage, ...someJobs(1_000));
    const owner = await hire(storage);
    const taken: string[] = [];
    let answer = await turn(storage, [], { owner, limit: 130 });
    while (answer.claimed.jobs.length > 0) {
      const { jobs, floors } = answer.claimed;
      taken.push(...idsOf(jobs));
      const ended = jobs.map((job) => success(job));
      answer = await turn(storage, ended.toReversed(), { owner, limit: 130, floors });
      expect(outcomes(answer)).toEqual(ended.map(() => "settled"));
    }
    expect(taken).toEqual(ids);
    expect(await storage.countJobs({})).toMatchObject({ completed: 1_000, running: 0 });
  });

  law("turns of two workers at once never take one job twice", async ({ storage, connect }) => {
    const ids = await enqueue(storage, ...someJobs(400));
    const workers = [storage, await connect()].map(async (own) => {
      const owner = await hire(own);
      const taken: string[] = [];
      let answer = await turn(own, [], { owner, limit: 20 });
      while (answer.claimed.jobs.length > 0) {
        const { jobs } = answer.claimed;
        taken.push(...idsOf(jobs));
        answer = await turn(
          own,
          jobs.map((job) => success(job)),
          { owner, limit: 20 },
        );
        expect(outcomes(answer).every((outcome) => outcome === "settled")).toBe(true);
      }
      return taken;
    });
    const taken = (await Promise.all(workers)).flat();
    expect(taken.toSorted((a, b) => Number(a) - Number(b))).toEqual(ids);
    await expect(claimOne(storage)).rejects.toThrow("there are 0");
  });
}
