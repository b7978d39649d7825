import type { AttemptEnd } from "../../../../src/core/attempt.ts";
import type { JobState } from "../../../../src/core/job.ts";
import type { JobAnswer } from "../../../../src/dashboard/wire/jobs.ts";

/** Something that happened to a job, or is to happen. */
export type Moment =
  | { readonly kind: "created"; readonly at: number }
  | { readonly kind: "due"; readonly at: number }
  | { readonly kind: "began"; readonly at: number; readonly attempt: number }
  | {
      readonly kind: "ended";
      readonly at: number;
      readonly attempt: number;
      readonly how: AttemptEnd;
    }
  | { readonly kind: "finished"; readonly at: number; readonly state: JobState }
  /** Attempts that are not told one by one. */
  | { readonly kind: "earlier"; readonly count: number };

/** Attempts told one by one: a job with many would bury where it is. */
const told = 3;

/** The end of an attempt and that of its job are written down apart. */
const sameMs = 1_000;

/** What happened to a job, oldest first; what is to come is last. */
export function timeline(job: JobAnswer): readonly Moment[] {
  const { attempts, attempt, state, createdAt, runAt, claimedAt } = job;
  const shown = attempts.slice(-told);
  const untold = job.run - (state === "running" ? 1 : 0) - shown.length;
  const isWaiting = ["scheduled", "available", "blocked", "retryable"].includes(state);
  const isPutOff = attempts.length === 0 && runAt > createdAt;
  const wasPutOff = isPutOff && !isWaiting;
  return [
    { kind: "created", at: createdAt },
    ...(wasPutOff ? [{ kind: "due", at: runAt } as const] : []),
    ...(untold > 0 ? [{ kind: "earlier", count: untold } as const] : []),
    ...shown.flatMap(({ number, began, ended, how }): Moment[] => [
      { kind: "began", at: began, attempt: number },
      { kind: "ended", at: ended, attempt: number, how },
    ]),
    ...(state === "running" && claimedAt !== null
      ? [{ kind: "began", at: claimedAt, attempt } as const]
      : []),
    ...(isWaiting && (isPutOff || attempts.length > 0)
      ? [{ kind: "due", at: runAt } as const]
      : []),
    ...ending(job),
  ];
}

/** The end, when it did not come with that of the last attempt. */
function ending({ attempts, state, finishedAt }: JobAnswer): readonly Moment[] {
  if (finishedAt === null) return [];
  const last = attempts.at(-1);
  const cameWithIt = last !== undefined && finishedAt - last.ended < sameMs;
  return cameWithIt ? [] : [{ kind: "finished", at: finishedAt, state }];
}
