import type { QueueRow } from "../../../../src/dashboard/wire/queues.ts";
import { Count } from "../../components/count.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { useFormats, useText } from "../../text/text-context.tsx";

interface UtilisationProps {
  readonly queue: Pick<QueueRow, "running" | "effective">;
}

/** How many jobs of a queue run, of how many may. */
export function Utilisation({ queue }: UtilisationProps) {
  const { queues } = useText();
  const { number } = useFormats();
  const { running, effective } = queue;
  return (
    <span className="flex w-full max-w-36 min-w-24 flex-col gap-1">
      <span className="whitespace-nowrap">
        <Count value={running} />
        <span className="text-ink-soft"> / {number(effective)}</span>
      </span>
      <ProgressBar label={queues.use} done={running.count} of={effective} />
    </span>
  );
}
