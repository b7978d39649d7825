import type { QueueRow } from "../../../../src/dashboard/wire/queues.ts";
import { Count } from "../../components/count.tsx";
import { StatTile } from "../../components/stat-tile.tsx";
import { useText } from "../../text/text-context.tsx";
import { jobsLink } from "../jobs/jobs-link.ts";

interface QueueTilesProps {
  readonly queue: QueueRow;
}

/** How many jobs of a queue are in which state, each a way to those jobs. */
export function QueueTiles({ queue }: QueueTilesProps) {
  const { queues, states } = useText();
  const { name, running, available, blocked, scheduled } = queue;
  const tiles = [
    { label: states.running, value: running, in: ["running"] },
    { label: states.available, value: available, in: ["available"] },
    { label: states.blocked, value: blocked, in: ["blocked"] },
    { label: queues.scheduled, value: scheduled, in: ["scheduled", "retryable"] },
  ];
  return (
    <section aria-label={queues.counts} className="grid grid-cols-2 gap-3 md:grid-cols-4">
      {tiles.map(({ label, value, in: state }) => (
        <StatTile
          key={label}
          label={label}
          value={<Count value={value} />}
          to={jobsLink({ queue: [name], state })}
        />
      ))}
    </section>
  );
}
