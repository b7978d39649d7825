import type { JobRow } from "../../../../src/dashboard/wire/jobs.ts";
import type { Column } from "../../components/data-columns.ts";
import { StateBadge } from "../../components/state-badge.tsx";
import type { Catalogue } from "../../text/catalogue.ts";
import { JobLine } from "./job-line.tsx";
import { JobWhen } from "./job-when.tsx";

/** On a phone what it is says itself. */
const plain = "max-sm:before:hidden";

/** The columns of a table of jobs. */
export const jobsColumns = ({ jobs }: Catalogue): readonly Column<JobRow>[] => [
  {
    id: "job",
    header: jobs.columns.job,
    cell: (job) => <JobLine job={job} />,
    className: "sm:w-full sm:max-w-0",
  },
  {
    id: "queue",
    header: jobs.columns.queue,
    className: `${plain} max-sm:col-span-3`,
    cell: ({ queue }) => (
      <span
        title={queue}
        className="inline-block max-w-36 truncate align-middle max-sm:max-w-full max-sm:text-ink-soft"
      >
        {queue}
      </span>
    ),
  },
  {
    id: "state",
    header: jobs.columns.state,
    className: `${plain} max-sm:col-span-6`,
    cell: ({ state, attempt, worker, waitingFor }) => (
      <span className="inline-flex flex-col items-start gap-0.5">
        <span title={hint(jobs, worker, waitingFor)}>
          <StateBadge state={state} />
        </span>
        {attempt > 1 && <span className="px-2 text-xs text-ink-soft">{jobs.attempt(attempt)}</span>}
      </span>
    ),
  },
  {
    id: "when",
    header: jobs.columns.when,
    cell: (job) => <JobWhen job={job} />,
    align: "end",
    className: `${plain} max-sm:col-span-3 max-sm:items-end sm:min-w-28`,
  },
];

function hint(
  jobs: Catalogue["jobs"],
  worker: string | null,
  gate: string | null,
): string | undefined {
  if (gate !== null) return jobs.waitsAt(gate);
  return worker === null ? undefined : jobs.onWorker(worker);
}
