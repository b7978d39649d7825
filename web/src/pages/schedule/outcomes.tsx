import type { ScheduleRow } from "../../../../src/dashboard/wire/schedules.ts";
import { Card } from "../../components/card.tsx";
import { TextLink } from "../../components/text-link.tsx";
import { useText } from "../../text/text-context.tsx";
import { jobsLink } from "../jobs/jobs-link.ts";
import { OutcomeLinks } from "../schedules/outcome-bars.tsx";

interface OutcomesProps {
  readonly schedule: Pick<ScheduleRow, "name" | "history">;
}

/** What became of a schedule's newest jobs. */
export function Outcomes({ schedule: { name, history } }: OutcomesProps) {
  const { schedules } = useText();
  const all = <TextLink to={jobsLink({ tag: [`schedule:${name}`] })}>{schedules.allJobs}</TextLink>;
  return (
    <Card title={schedules.outcomes} aside={all}>
      <OutcomeLinks history={history} />
    </Card>
  );
}
