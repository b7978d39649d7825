import type { ClaimedJob } from "../core/claimed-job.ts";
import type { Settlement } from "../core/settlement.ts";
import type { Telemetry, WorkDone } from "../core/telemetry.ts";
import type { Storage } from "../storage/contract/storage.ts";

/** What is told of. */
type Observed =
  | "claimJobs"
  | "claimCapped"
  | "settleJobs"
  | "settleAndClaim"
  | "promoteJobs"
  | "fireSchedule";

/** Wraps a storage so that what workers ask of it is told to a telemetry. */
export function withTelemetry(storage: Storage, telemetry: Telemetry): Storage {
  const observed: Pick<Storage, Observed> = {
    claimJobs: (request) => telemetry.work("claim", () => storage.claimJobs(request), claimed),
    claimCapped: (request) => telemetry.work("claim", () => storage.claimCapped(request), claimed),
    settleJobs(settlements, now, tx) {
      const settle = () => storage.settleJobs(settlements, now, tx);
      // What brings back the jobs of the dead tells of each of them itself.
      if (settlements[0]?.rescued === true) return settle();
      return telemetry.work("settle", settle, () => settled(settlements));
    },
    settleAndClaim(settlements, request) {
      const turn = () => storage.settleAndClaim(settlements, request);
      const settle = () => telemetry.work("settle", turn, () => settled(settlements));
      return telemetry.work("claim", settle, (answer) => claimed(answer.claimed));
    },
    promoteJobs: (limit, now) =>
      telemetry.work(
        "promote",
        () => storage.promoteJobs(limit, now),
        ({ rows }) => ({ jobs: rows }),
      ),
    fireSchedule: (change, jobs, complete) =>
      telemetry.tick(change.name, jobs, (traced) => storage.fireSchedule(change, traced, complete)),
  };
  return Object.create(storage, Object.getOwnPropertyDescriptors(observed)) as Storage;
}

function claimed({ jobs }: { readonly jobs: readonly ClaimedJob[] }): WorkDone {
  const [first] = jobs;
  if (first === undefined) return { jobs: 0 };
  const traces = jobs.flatMap(({ trace }) => (trace === null ? [] : [trace]));
  return { jobs: jobs.length, queue: onlyOne(jobs), worker: first.lease.owner, traces };
}

function settled(settlements: readonly Settlement[]): WorkDone {
  const [first] = settlements;
  if (first === undefined) return { jobs: 0 };
  const jobs = settlements.flatMap(({ job }) => (job === undefined ? [] : [job]));
  return { jobs: settlements.length, queue: onlyOne(jobs), worker: first.lease.owner };
}

function onlyOne(jobs: readonly { readonly queue: string }[]): string | undefined {
  const queue = jobs[0]?.queue;
  return jobs.every((job) => job.queue === queue) ? queue : undefined;
}
