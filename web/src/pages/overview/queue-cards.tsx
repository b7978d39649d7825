import { Link } from "wouter";
import type { JobState } from "../../../../src/core/job.ts";
import type { QueueCard as QueueCardData } from "../../../../src/dashboard/wire/overview.ts";
import { Card } from "../../components/card.tsx";
import { Count } from "../../components/count.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { jobStates } from "../../components/job-states.ts";
import { StackedBar } from "../../components/stacked-bar.tsx";
import { TextLink } from "../../components/text-link.tsx";
import { useFormats, useText } from "../../text/text-context.tsx";
import { QueueMarks } from "../queues/queue-marks.tsx";
import { queueLink } from "../queues/queue-link.ts";

interface QueueCardsProps {
  readonly queues: readonly QueueCardData[];
}

/** Every queue with how its jobs are spread over the states. */
export function QueueCards({ queues }: QueueCardsProps) {
  const { overview } = useText();
  if (queues.length === 0) {
    return (
      <Card>
        <EmptyState icon="available" title={overview.queues.empty}>
          {overview.queues.emptyText}
        </EmptyState>
      </Card>
    );
  }
  return (
    <section aria-labelledby="overview-queues">
      <div className="mb-2 flex items-baseline justify-between">
        <h2 id="overview-queues" className="font-semibold">
          {overview.queues.title}
        </h2>
        <TextLink to="/queues">{overview.queues.all}</TextLink>
      </div>
      <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
        {queues.map((queue) => (
          <li key={queue.name} className="min-w-0">
            <QueueCard queue={queue} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function QueueCard({ queue }: { readonly queue: QueueCardData }) {
  const { overview } = useText();
  const { number } = useFormats();
  const { name, states, failed } = queue;
  const shown = jobStates.filter((state) => (states[state]?.count ?? 0) > 0);
  const total = shown.reduce((sum, state) => sum + (states[state]?.count ?? 0), 0);
  const atLeast = shown.some((state) => states[state]?.atLeast === true);
  return (
    <Link
      href={queueLink(name)}
      className="flex h-full flex-col gap-2.5 rounded-lg border border-line bg-surface p-4 shadow-low hover:border-line-strong"
    >
      <span className="flex items-start justify-between gap-3">
        <bdi className="min-w-0 truncate font-medium" title={name}>
          {name}
        </bdi>
        <span className="font-semibold">
          <Count value={{ count: total, atLeast }} />
        </span>
      </span>
      <StackedBar counts={countsOf(states)} />
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-soft">
        {shown.length === 0 && <span>{overview.queues.idle}</span>}
        {shown.map((state) => (
          <StateCount key={state} state={state} value={states[state]} />
        ))}
        {failed > 0 && (
          <span className="text-danger">{overview.queues.failed(number(failed))}</span>
        )}
        <QueueMarks queue={queue} />
      </span>
    </Link>
  );
}

interface StateCountProps {
  readonly state: JobState;
  readonly value: QueueCardData["states"][JobState];
}

function StateCount({ state, value }: StateCountProps) {
  const { states } = useText();
  if (value === undefined) return null;
  return (
    <span className="whitespace-nowrap">
      {states[state]} <Count value={value} />
    </span>
  );
}

function countsOf(states: QueueCardData["states"]): Partial<Record<JobState, number>> {
  return Object.fromEntries(jobStates.map((state) => [state, states[state]?.count ?? 0]));
}
