import type { ScheduleRow } from "../../../../src/dashboard/wire/schedules.ts";
import { Callout } from "../../components/callout.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { useText } from "../../text/text-context.tsx";

interface ScheduleWarningsProps {
  readonly schedule: ScheduleRow;
}

/** Why a schedule makes no jobs now. */
export function ScheduleWarnings({
  schedule: { failure, pausedAt, pausedBy },
}: ScheduleWarningsProps) {
  const { schedules } = useText();
  return (
    <>
      {failure !== null && (
        <Callout tone="danger" title={schedules.failingTitle(failure.tries)}>
          <p className="break-words">
            <bdi>{failure.message}</bdi>
          </p>
          <p className="mt-1 text-xs">
            <code className="font-mono">{failure.code}</code> <RelativeTime at={failure.at} />
          </p>
        </Callout>
      )}
      {pausedAt !== null && (
        <Callout tone="warning" title={schedules.pausedTitle}>
          {pausedBy === null ? schedules.pausedSince : schedules.pausedBy(pausedBy)}{" "}
          <RelativeTime at={pausedAt} />
        </Callout>
      )}
    </>
  );
}
