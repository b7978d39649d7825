import type { ScheduleRow } from "../../../../src/dashboard/wire/schedules.ts";
import { Card } from "../../components/card.tsx";
import { Facts } from "../../components/facts.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { TextLink } from "../../components/text-link.tsx";
import { useText } from "../../text/text-context.tsx";
import { NextTick } from "../schedules/next-tick.tsx";
import { Timing } from "../schedules/timing.tsx";

interface ScheduleFactsProps {
  readonly schedule: ScheduleRow;
}

/** When a schedule ticks, and how it goes about it. */
export function ScheduleFacts({ schedule }: ScheduleFactsProps) {
  const { schedules: text } = useText();
  const { group, nextAt, lastAt, lastOutcome, lastJob, missed, maxMissed, overlap } = schedule;
  const outcome = lastOutcome === null ? undefined : text.tickOutcomes[lastOutcome];
  return (
    <Card title={text.when}>
      <div className="mb-4 text-base">
        <Timing schedule={schedule} />
      </div>
      <Facts
        facts={[
          { name: text.next, value: <NextTick at={nextAt} /> },
          { name: text.last, value: <RelativeTime at={lastAt} /> },
          { name: text.lastOutcome, value: outcome },
          {
            name: text.lastJob,
            value: lastJob && <TextLink to={`/jobs/${lastJob}`}>{lastJob}</TextLink>,
          },
          { name: text.missed, value: text.missedKinds[missed](maxMissed) },
          { name: text.overlap, value: text.overlapKinds[overlap] },
          { name: text.madeBy, value: group === null ? text.byHand : text.byCode(group) },
          { name: text.changed, value: <RelativeTime at={schedule.changedAt} /> },
        ]}
      />
      {group !== null && <p className="mt-3 text-xs text-ink-soft">{text.declaredReason(group)}</p>}
    </Card>
  );
}
