import type { QueueRow } from "../../../../src/dashboard/wire/queues.ts";
import { useAction } from "../../api/use-action.ts";
import { ActionButton } from "../../components/action-button.tsx";
import { Callout } from "../../components/callout.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { TextLink } from "../../components/text-link.tsx";
import { useNow } from "../../live/clock.ts";
import { useText } from "../../text/text-context.tsx";

interface QueueWarningsProps {
  readonly queue: QueueRow;
}

/** What keeps the jobs of a queue from running, and what to do about it. */
export function QueueWarnings({ queue }: QueueWarningsProps) {
  const { queues } = useText();
  const { unserved, paused, changedAt, changedBy, closedUntil } = queue;
  return (
    <>
      {unserved && (
        <Callout
          tone="danger"
          title={queues.unservedTitle}
          action={<TextLink to="/workers">{queues.toWorkers}</TextLink>}
        >
          {queues.unservedText}
        </Callout>
      )}
      {paused && (
        <Callout tone="warning" title={queues.pausedTitle}>
          {queues.pausedText}{" "}
          {changedAt !== null && (
            <>
              <bdi>{changedBy === null ? queues.changedBySomebody : queues.changed(changedBy)}</bdi>{" "}
              <RelativeTime at={changedAt} />
            </>
          )}
        </Callout>
      )}
      {closedUntil !== null && <Cooling queue={queue} until={closedUntil} />}
    </>
  );
}

function Cooling({ queue, until }: QueueWarningsProps & { readonly until: number }) {
  const { queues } = useText();
  const { run, pending } = useAction();
  if (until <= useNow()) return null;
  const path = `queues/${encodeURIComponent(queue.name)}/update`;
  const end = () =>
    void run({
      path,
      body: { cooling: null },
      topics: ["queues", "overview"],
      done: queues.coolingEnded(queue.name),
    });
  return (
    <Callout
      tone="warning"
      title={queues.coolingTitle}
      action={
        <ActionButton permission="queues:update" icon="play" pending={pending} onClick={end}>
          {queues.endCooling}
        </ActionButton>
      }
    >
      {queues.coolingText} <RelativeTime at={until} />
    </Callout>
  );
}
