import type { ScheduleRow, Tick } from "../../../../src/dashboard/wire/schedules.ts";
import { Card } from "../../components/card.tsx";
import { Chip } from "../../components/chip.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { useFormats, useText } from "../../text/text-context.tsx";
import { offsetText, zonedFormat } from "./zoned-time.ts";

interface NextTicksProps {
  readonly ticks: readonly Tick[];
  readonly timeZone: string | null;
  readonly state: ScheduleRow["state"];
}

/** When a schedule is to tick, by the clock it goes by, with a mark where that clock is changed. */
export function NextTicks({ ticks, timeZone, state }: NextTicksProps) {
  const { schedules } = useText();
  const { locale } = useFormats();
  const format = zonedFormat(locale, timeZone);
  return (
    <Card title={schedules.nextTicks} aside={<Zone timeZone={timeZone} />}>
      {state === "paused" && ticks.length > 0 && (
        <p className="mb-2 text-warning">{schedules.ticksPaused}</p>
      )}
      {ticks.length === 0 && (
        <p className="text-ink-soft">
          {state === "ended" ? schedules.noTicks : schedules.unknownTicks}
        </p>
      )}
      <ol className="divide-y divide-line">
        {ticks.map((tick) => (
          <li key={tick.at} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1.5">
            <span className="min-w-48 flex-1">{format(tick.at)}</span>
            {tick.clockChange && (
              <Chip icon="scheduled" tone="warning">
                {schedules.clockChange(offsetText(tick.offsetMinutes ?? 0))}
              </Chip>
            )}
            <span className="ms-auto text-ink-soft">
              <RelativeTime at={tick.at} />
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Zone({ timeZone }: Pick<NextTicksProps, "timeZone">) {
  const { words } = useText();
  return <span className="text-xs text-ink-soft">{timeZone ?? words.local}</span>;
}
