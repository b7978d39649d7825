import { Chip } from "../../components/chip.tsx";
import { useNow } from "../../live/clock.ts";
import { useFormats, useText } from "../../text/text-context.tsx";

interface QueueMarksProps {
  readonly queue: {
    readonly paused: boolean;
    readonly closedUntil: number | null;
    readonly unserved: boolean;
  };
}

/** What keeps the jobs of a queue from running, as chips. */
export function QueueMarks({ queue }: QueueMarksProps) {
  const { queues } = useText();
  const { paused, closedUntil, unserved } = queue;
  return (
    <>
      {paused && (
        <Chip icon="pause" tone="warning">
          {queues.paused}
        </Chip>
      )}
      {closedUntil !== null && <CoolingChip until={closedUntil} />}
      {unserved && (
        <Chip icon="warning" tone="danger">
          {queues.unserved}
        </Chip>
      )}
    </>
  );
}

function CoolingChip({ until }: { readonly until: number }) {
  const { queues } = useText();
  const { duration } = useFormats();
  const left = until - useNow();
  if (left <= 0) return null;
  return (
    <Chip icon="scheduled" tone="warning">
      {queues.cooling(duration(Math.ceil(left / 1_000) * 1_000))}
    </Chip>
  );
}
