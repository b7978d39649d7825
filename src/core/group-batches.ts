import type { ClaimedJob } from "./claimed-job.ts";

/**
 * Puts claimed jobs of one definition together: by queue, in the order they came, at most `size` in each group. A job that
 * is tried again stands alone, so that what is wrong with it harms nobody, and so does one that crashed.
 */
export function groupBatches(
  jobs: readonly ClaimedJob[],
  size: number,
): readonly (readonly ClaimedJob[])[] {
  const groups: ClaimedJob[][] = [];
  for (const job of jobs) {
    const open = groups.find((group) => group.length < size && mayShare(group, job));
    if (open === undefined) groups.push([job]);
    else open.push(job);
  }
  return groups;
}

/** True for a job nobody may stand beside. */
export function runsAlone({ attempt, crashes }: ClaimedJob): boolean {
  return attempt > 1 || crashes > 0;
}

/** Whether a job may join a group. Two of one lane never meet: only one of them is let in. */
function mayShare(group: readonly ClaimedJob[], job: ClaimedJob): boolean {
  return !runsAlone(job) && group.every((other) => !runsAlone(other) && other.queue === job.queue);
}
