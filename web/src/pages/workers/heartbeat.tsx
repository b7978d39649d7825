import type { WorkerRow } from "../../../../src/dashboard/wire/workers.ts";
import { useNow } from "../../live/clock.ts";
import { useFormats, useText } from "../../text/text-context.tsx";

interface HeartbeatProps {
  readonly worker: Pick<WorkerRow, "silent" | "lastBeatMs">;
  /** When that was read, by the database's time. */
  readonly readAt: number;
}

/** Whether a worker is heard, and when it was last. */
export function Heartbeat({ worker: { silent, lastBeatMs }, readAt }: HeartbeatProps) {
  const { workers } = useText();
  const { relative } = useFormats();
  const now = useNow();
  const color = silent ? "bg-discarded" : lastBeatMs === null ? "bg-cancelled" : "bg-completed";
  return (
    <span className={`flex items-center gap-1.5 ${silent ? "text-danger" : "text-ink-soft"}`}>
      <span aria-hidden="true" className={`size-2 rounded-full ${color}`} />
      <span>
        {silent ? workers.silent : workers.alive}
        {lastBeatMs !== null &&
          `, ${workers.beat(relative(readAt - lastBeatMs, Math.max(now, readAt)))}`}
      </span>
    </span>
  );
}
