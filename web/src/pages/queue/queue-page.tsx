import type { QueueAnswer } from "../../../../src/dashboard/wire/queues.ts";
import { useResource } from "../../api/use-resource.ts";
import { PageHeader } from "../../components/page-header.tsx";
import { Resource } from "../../components/resource.tsx";
import { TextLink } from "../../components/text-link.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { useText } from "../../text/text-context.tsx";
import { ActivityCharts } from "../charts/activity-charts.tsx";
import { jobsLink } from "../jobs/jobs-link.ts";
import { PauseButton } from "../queues/pause-button.tsx";
import { QueueMarks } from "../queues/queue-marks.tsx";
import { EffectiveLimit } from "./effective-limit.tsx";
import { QueueSettings } from "./queue-settings.tsx";
import { QueueTiles } from "./queue-tiles.tsx";
import { QueueWarnings } from "./queue-warnings.tsx";
import { QueueWorkers } from "./queue-workers.tsx";

export function QueuePage({ params }: PageProps) {
  const { queues } = useText();
  const name = params["name"] ?? "";
  const query = useResource<QueueAnswer>("queues", `queues/${encodeURIComponent(name)}`, {
    keepPrevious: false,
  });
  const queue = query.data?.queue;
  return (
    <>
      <PageHeader
        title={name}
        heading={<bdi>{name}</bdi>}
        parent={{ to: "/queues", title: queues.title }}
        marks={queue && <QueueMarks queue={queue} />}
      >
        <TextLink to={jobsLink({ queue: [name] })} className="self-center px-2">
          {queues.jobs}
        </TextLink>
        {queue && <PauseButton queue={queue} />}
      </PageHeader>
      <Resource query={query}>{(answer) => <Parts answer={answer} />}</Resource>
    </>
  );
}

function Parts({ answer }: { readonly answer: QueueAnswer }) {
  const { queue, workers } = answer;
  return (
    <div className="grid gap-4">
      <QueueWarnings queue={queue} />
      <QueueTiles queue={queue} />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="grid min-w-0 gap-4">
          <EffectiveLimit answer={answer} />
          <QueueWorkers workers={workers} servedBy={queue.servedBy} />
        </div>
        <div className="lg:col-start-2 lg:row-span-2 lg:row-start-1">
          <QueueSettings key={queue.name} queue={queue} />
        </div>
        <ActivityCharts queue={queue.name} />
      </div>
    </div>
  );
}
