import type { JobRow } from "../../../../src/dashboard/wire/jobs.ts";
import { Elapsed } from "../../components/duration.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";

/** The time that matters most in a job's state: how long it runs, when it is due, when it ended. */
export function JobWhen({ job }: { readonly job: JobRow }) {
  const { state, claimedAt, finishedAt, runAt } = job;
  if (state === "running" && claimedAt !== null) return <Elapsed since={claimedAt} />;
  return <RelativeTime at={finishedAt ?? runAt} />;
}
