import { Link } from "wouter";
import type { JobAnswer, JobRecentAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { useResource } from "../../api/use-resource.ts";
import { Card } from "../../components/card.tsx";
import { stateClasses } from "../../components/job-states.ts";
import { Resource } from "../../components/resource.tsx";
import type { Catalogue } from "../../text/catalogue.ts";
import { useFormats, useText } from "../../text/text-context.tsx";
import { jobsLink } from "../jobs/jobs-link.ts";

/** How long the newest jobs of the same name ran, as bars. */
export function RecentCard({ job }: { readonly job: JobAnswer }) {
  const { recent } = useText().job;
  const query = useResource<JobRecentAnswer>(`job:${job.id}`, `jobs/${job.id}/recent`);
  return (
    <Card
      title={recent.title}
      aside={
        <Link href={jobsLink({ name: [job.name] })} className="text-xs text-accent underline">
          {recent.all}
        </Link>
      }
    >
      <Resource query={query} lines={2}>
        {({ jobs }) => <Bars jobs={jobs} current={job.id} />}
      </Resource>
    </Card>
  );
}

interface BarsProps extends JobRecentAnswer {
  readonly current: string;
}

function Bars({ jobs, current }: BarsProps) {
  const text = useText();
  const { duration } = useFormats();
  const most = Math.max(0, ...jobs.map(({ ranMs }) => ranMs ?? 0));
  const discarded = jobs.filter(({ state }) => state === "discarded").length;
  if (jobs.length === 0) return <p className="text-ink-soft">{text.job.recent.none}</p>;
  return (
    <>
      <p className="sr-only">{text.job.recent.label(jobs.length, discarded)}</p>
      <div aria-hidden="true" className="flex h-20 items-end justify-end gap-px">
        {jobs.toReversed().map((each) => (
          // The link below leads keyboards to the same jobs: fifty stops of Tab would lead nowhere.
          <Link
            key={each.id}
            href={`/jobs/${each.id}`}
            tabIndex={-1}
            title={barTitle(each, text, duration)}
            className={`flex h-full min-w-1 max-w-4 flex-1 items-end rounded-sm hover:bg-line ${each.id === current ? "bg-accent-tint outline-1 outline-accent" : ""}`}
          >
            <span
              style={{ height: `${Math.max(3, ((each.ranMs ?? 0) / Math.max(1, most)) * 100)}%` }}
              className={`w-full rounded-sm ${stateClasses[each.state].fill}`}
            />
          </Link>
        ))}
      </div>
      {most > 0 && <p className="mt-1 text-end text-xs text-ink-soft">max {duration(most)}</p>}
    </>
  );
}

function barTitle(
  { id, state, ranMs }: JobRecentAnswer["jobs"][number],
  { job, states }: Catalogue,
  duration: (ms: number) => string,
): string {
  return `${id} · ${states[state]} · ${ranMs === null ? job.recent.noTime : duration(ranMs)}`;
}
