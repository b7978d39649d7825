import { expect } from "vitest";
import type { ClaimedJob } from "../../src/core/claimed-job.ts";
import { type Gate, laneGate, scopeOfGate } from "../../src/core/gate.ts";
import { limitGate, type Scope } from "../../src/core/limit-options.ts";
import type { AdmitAnswer } from "../../src/storage/contract/admit.ts";
import type { Storage } from "../../src/storage/contract/storage.ts";
import { claim, settlement, t0 } from "./jobs.ts";

/** The gates of a job in a lane. */
export function laneOf(lane: string): readonly Gate[] {
  return [{ gate: laneGate(lane), weight: 1 }];
}

/** The gates of a job that counts against a limit. */
export function limitOf(scope: string, weight = 1, by?: string): readonly Gate[] {
  return [{ gate: limitGate(scope, by), weight }];
}

/** Several gates, in the order a job has them. */
export function allOf(...gates: readonly (readonly Gate[])[]): readonly Gate[] {
  return gates.flat().sort((one, other) => (one.gate < other.gate ? -1 : 1));
}

/** Declares limits of so many jobs at once. */
export async function declare(
  storage: Storage,
  limits: Readonly<Record<string, number | Partial<Scope>>>,
): Promise<void> {
  await storage.declareScopes(
    Object.entries(limits).map(([scope, allowed]) => ({
      scope,
      concurrent: null,
      rate: null,
      ...(typeof allowed === "number" ? { concurrent: allowed } : allowed),
    })),
  );
}

const mostCalls = 50;

/** Calls until nothing more can be let in at once; gives how many jobs were, and the queues that got them. */
export async function admitUntilDone(call: () => Promise<AdmitAnswer>): Promise<{
  readonly rows: number;
  readonly queues: readonly string[];
  readonly last: AdmitAnswer;
}> {
  const queues = new Set<string>();
  let rows = 0;
  for (let calls = 0; calls < mostCalls; calls += 1) {
    const last = await call();
    rows += last.rows;
    for (const queue of last.queues) queues.add(queue);
    if (!last.more) return { rows, queues: [...queues].sort(), last };
  }
  throw new Error(`An admission still says that there is more after ${mostCalls} calls.`);
}

/** Lets in whoever may pass these gates; gives how many jobs were. */
export async function admitAt(storage: Storage, gates: readonly Gate[], now = t0): Promise<number> {
  const names = gates.map(({ gate }) => gate);
  return (await admitUntilDone(() => storage.admitJobs(names, now))).rows;
}

/** Passes until nobody more can be let in; gives how many jobs were. */
export async function passOver(storage: Storage, now = t0): Promise<number> {
  return (await admitUntilDone(() => storage.admitWaiting(100, now))).rows;
}

/** Settles a job as a worker does, and lets in who waited for it. */
export async function endAndAdmit(
  storage: Storage,
  job: ClaimedJob,
  to: Parameters<typeof settlement>[1],
  given: Parameters<typeof settlement>[2] = {},
): Promise<void> {
  const answers = await storage.settleJobs([settlement(job, to, given)], t0);
  expect(answers).toEqual([{ outcome: "settled" }]);
  await admitAt(storage, job.gates);
}

/** The ids of the jobs a claim takes, of the queues and names the laws of admission use. */
export async function claimIds(storage: Storage, owner: string): Promise<readonly string[]> {
  return (await claimGated(storage, owner)).map(({ lease }) => lease.id);
}

/** Takes what there is of the queues and names the laws of admission use. */
export async function claimGated(
  storage: Storage,
  owner: string,
  limit = 1_000,
): Promise<readonly ClaimedJob[]> {
  const queues = ["default", "other"].map((queue) => ({ queue, limit }));
  return await claim(storage, owner, { queues, limit, handlers: { work: 1, more: 1 } });
}

/** What a worker of these laws serves. */
export const serving = { queues: ["default", "other"], handlers: ["work", "more"] } as const;

/**
 * Holds the permits against the jobs: exactly the available and running jobs with gates have them, no gate more than it allows,
 * and every blocked job waits at a gate of its own.
 */
export async function expectSoundAdmission(storage: Storage): Promise<void> {
  const jobs = await storage.listJobs({}, 1_000);
  const inside = jobs.filter(({ state }) => state === "available" || state === "running");
  const gates = new Set(jobs.flatMap((job) => job.gates.map(({ gate }) => gate)));
  const scopes = new Map((await storage.listScopes()).map((scope) => [scope.scope, scope]));
  for (const gate of gates) {
    const holders = inside.filter((job) => job.gates.some((each) => each.gate === gate));
    const permits = await storage.listHolders(gate, 1_000);
    expect([gate, permits.toSorted()]).toEqual([gate, holders.map(({ id }) => id).toSorted()]);
    const scope = scopeOfGate(gate);
    const most = scope === undefined ? 1 : (scopes.get(scope)?.concurrent ?? Infinity);
    const weights = holders.flatMap((job) =>
      job.gates.flatMap((each) => (each.gate === gate ? Math.min(each.weight, most) : [])),
    );
    expect([gate, weights.reduce((sum, weight) => sum + weight, 0) <= most]).toEqual([gate, true]);
  }
  for (const { state, waitingFor, gates: own } of jobs) {
    const waitsAt = own.map(({ gate }) => gate);
    if (state === "blocked") expect(waitsAt).toContain(waitingFor);
    else expect(waitingFor).toBeNull();
  }
}
