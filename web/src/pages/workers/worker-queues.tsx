import type { WorkerRow } from "../../../../src/dashboard/wire/workers.ts";
import { TextLink } from "../../components/text-link.tsx";
import { useFormats, useText } from "../../text/text-context.tsx";
import { queueLink } from "../queues/queue-link.ts";

interface WorkerQueuesProps {
  readonly worker: Pick<WorkerRow, "queues" | "slots">;
}

/** The queues a worker serves, with its places for each. */
export function WorkerQueues({ worker: { queues, slots } }: WorkerQueuesProps) {
  const { workers } = useText();
  const { number } = useFormats();
  return (
    <div className="min-w-0">
      <h3 className="text-xs text-ink-soft">{workers.queues}</h3>
      <ul className="mt-1 flex flex-wrap gap-1.5">
        {queues.map((queue) => (
          <li
            key={queue}
            className="flex max-w-full min-w-0 items-center gap-1 rounded-md bg-raised px-1.5 py-0.5 text-xs"
          >
            <TextLink to={queueLink(queue)} title={queue} className="truncate">
              <bdi>{queue}</bdi>
            </TextLink>
            {slots[queue] !== undefined && (
              <span className="text-ink-soft">
                × {number(slots[queue])}
                <span className="sr-only"> {workers.placesWord}</span>
              </span>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
