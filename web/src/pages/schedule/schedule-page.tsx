import type { ScheduleAnswer } from "../../../../src/dashboard/wire/schedules.ts";
import { useResource } from "../../api/use-resource.ts";
import { PageHeader } from "../../components/page-header.tsx";
import { Resource } from "../../components/resource.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { useText } from "../../text/text-context.tsx";
import { ScheduleState } from "../schedules/schedule-state.tsx";
import { NextTicks } from "./next-ticks.tsx";
import { Outcomes } from "./outcomes.tsx";
import { ScheduleActions } from "./schedule-actions.tsx";
import { ScheduleFacts } from "./schedule-facts.tsx";
import { ScheduleJob } from "./schedule-job.tsx";
import { ScheduleWarnings } from "./schedule-warnings.tsx";

export function SchedulePage({ params }: PageProps) {
  const { schedules } = useText();
  const name = params["name"] ?? "";
  const query = useResource<ScheduleAnswer>("schedules", `schedules/${encodeURIComponent(name)}`, {
    keepPrevious: false,
  });
  const schedule = query.data?.schedule;
  return (
    <>
      <PageHeader
        title={name}
        heading={<bdi>{name}</bdi>}
        parent={{ to: "/schedules", title: schedules.title }}
        marks={schedule && <ScheduleState state={schedule.state} />}
      >
        {schedule && <ScheduleActions schedule={schedule} />}
      </PageHeader>
      <Resource query={query}>{(answer) => <Parts answer={answer} />}</Resource>
    </>
  );
}

function Parts({ answer: { schedule, ticks } }: { readonly answer: ScheduleAnswer }) {
  return (
    <div className="grid gap-4">
      <ScheduleWarnings schedule={schedule} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <div className="grid min-w-0 gap-4">
          <ScheduleFacts schedule={schedule} />
          <Outcomes schedule={schedule} />
          <ScheduleJob job={schedule.job} />
        </div>
        <NextTicks ticks={ticks} timeZone={schedule.timeZone} state={schedule.state} />
      </div>
    </div>
  );
}
