import { lazy, Suspense } from "react";
import type { ScheduleRow } from "../../../../src/dashboard/wire/schedules.ts";
import { useFormats, useText } from "../../text/text-context.tsx";
import { readDuration } from "../settings/duration-text.ts";

interface TimingProps {
  readonly schedule: Pick<ScheduleRow, "cron" | "every" | "timeZone" | "anchor">;
}

/** The words for cron expressions are a library of their own, read when they are first wanted. */
const CronWords = lazy(async () => ({ default: (await import("./cron-words.tsx")).CronWords }));

/** When a schedule ticks: in words, and as it is written. */
export function Timing({ schedule: { cron, every, timeZone, anchor } }: TimingProps) {
  const { schedules } = useText();
  const { durationInWords, dateTime } = useFormats();
  if (cron !== null) {
    return (
      <span className="flex min-w-0 flex-col">
        <Suspense fallback={null}>
          <span>
            <CronWords expression={cron} />
          </span>
        </Suspense>
        <span className="text-xs text-ink-soft">
          <code className="font-mono">{cron}</code> {timeZone}
        </span>
      </span>
    );
  }
  if (every === null) return <span className="text-danger">{schedules.unreadable}</span>;
  return (
    <span className="flex min-w-0 flex-col">
      <span>{schedules.every(durationInWords(readDuration(every) ?? 0))}</span>
      {anchor !== null && anchor !== 0 && (
        <span className="text-xs text-ink-soft">{schedules.anchor(dateTime(anchor))}</span>
      )}
    </span>
  );
}
