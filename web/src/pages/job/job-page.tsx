import type { JobAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { useResource } from "../../api/use-resource.ts";
import { Chip } from "../../components/chip.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { Resource } from "../../components/resource.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { useText } from "../../text/text-context.tsx";
import { AttemptsCard } from "./attempts-card.tsx";
import { DataCard } from "./data-card.tsx";
import { FactsCard } from "./facts-card.tsx";
import { JobActions } from "./job-actions.tsx";
import { ProgressCard } from "./progress-card.tsx";
import { RecentCard } from "./recent-card.tsx";
import { StandingCard } from "./standing-card.tsx";
import { WhyCard } from "./why-card.tsx";

export function JobPage({ params }: PageProps) {
  const { jobs, job: text } = useText();
  const id = params["id"] ?? "";
  const query = useResource<JobAnswer>(`job:${id}`, `jobs/${encodeURIComponent(id)}`, {
    keepPrevious: false,
  });
  const { data } = query;
  return (
    <>
      <PageHeader
        title={data === undefined ? `${text.title} ${id}` : text.heading(data.name, id)}
        heading={data === undefined ? undefined : <Heading name={data.name} id={id} />}
        parent={{ to: "/jobs", title: jobs.title }}
        marks={data !== undefined && <Marks job={data} />}
      >
        {data !== undefined && <JobActions job={data} />}
      </PageHeader>
      <Resource query={query} lines={12}>
        {(job) => <JobBody key={job.id} job={job} />}
      </Resource>
    </>
  );
}

function Heading({ name, id }: { readonly name: string; readonly id: string }) {
  return (
    <>
      <bdi className="wrap-anywhere">{name}</bdi>{" "}
      <span className="font-normal text-ink-soft">{id}</span>
    </>
  );
}

function Marks({ job }: { readonly job: JobAnswer }) {
  const { jobs } = useText();
  return (
    <>
      <StateBadge state={job.state} />
      {job.crashes > 0 && (
        <Chip icon="warning" tone="warning">
          {jobs.crashes(job.crashes)}
        </Chip>
      )}
      {job.cancelRequested !== null && <Chip tone="warning">{jobs.cancelling}</Chip>}
    </>
  );
}

function JobBody({ job }: { readonly job: JobAnswer }) {
  return (
    <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="grid min-w-0 grid-cols-1 content-start gap-4">
        <StandingCard job={job} />
        <WhyCard job={job} />
        <ProgressCard job={job} />
        <DataCard job={job} />
        <AttemptsCard job={job} />
      </div>
      <div className="grid min-w-0 grid-cols-1 content-start gap-4">
        <FactsCard job={job} />
        <RecentCard job={job} />
      </div>
    </div>
  );
}
