import type { ScheduleRow } from "../../../../src/dashboard/wire/schedules.ts";
import { Card } from "../../components/card.tsx";
import { Chip } from "../../components/chip.tsx";
import { Facts } from "../../components/facts.tsx";
import { JsonTree } from "../../components/json-tree.tsx";
import { TextLink } from "../../components/text-link.tsx";
import { useText } from "../../text/text-context.tsx";
import { queueLink } from "../queues/queue-link.ts";

interface ScheduleJobProps {
  readonly job: ScheduleRow["job"];
}

/** The job that each tick makes. */
export function ScheduleJob({ job }: ScheduleJobProps) {
  const { schedules: text } = useText();
  if (job === null) {
    return (
      <Card title={text.itsJob}>
        <p className="text-danger">{text.unreadable}</p>
      </Card>
    );
  }
  const { name, queue, priority, tags, payload } = job;
  const chips = tags.map((tag) => <Chip key={tag}>{tag}</Chip>);
  return (
    <Card title={text.itsJob}>
      <Facts
        facts={[
          { name: text.jobName, value: <bdi>{name}</bdi> },
          {
            name: text.queue,
            value: (
              <TextLink to={queueLink(queue)}>
                <bdi>{queue}</bdi>
              </TextLink>
            ),
          },
          { name: text.priority, value: priority },
          {
            name: text.tags,
            value: chips.length > 0 && <span className="flex flex-wrap gap-1">{chips}</span>,
          },
        ].filter(({ value }) => value !== false)}
      />
      <h3 className="mt-4 mb-1 text-xs text-ink-soft">{text.payload}</h3>
      <JsonTree text={payload} label={text.payload} />
    </Card>
  );
}
