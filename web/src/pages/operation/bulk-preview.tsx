import type { OperationPreviewAnswer } from "../../../../src/dashboard/wire/operations.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { jobStates } from "../../components/job-states.ts";
import { StackedBar } from "../../components/stacked-bar.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { useFormats, useText } from "../../text/text-context.tsx";
import type { BulkTarget } from "./bulk-draft.ts";

interface BulkPreviewProps {
  readonly target: BulkTarget;
  readonly preview: OperationPreviewAnswer;
}

const mostSamples = 5;

/** What an operation would be done to: how many in which states, and some of them. */
export function BulkPreview({ target, preview }: BulkPreviewProps) {
  const { operations } = useText();
  const { matched, atLeast, sample } = preview;
  if (matched === 0 && !atLeast) {
    return (
      <EmptyState icon="filter" title={operations.bulk.noneMatched}>
        {operations.applies[target.action]}
      </EmptyState>
    );
  }
  return (
    <div className="grid grid-cols-1 gap-3">
      {target.q.trim() === "" && (
        <p className="rounded-md bg-warning-tint px-3 py-2 text-warning">
          {operations.bulk.everyJob}
        </p>
      )}
      {matched === 0 ? (
        <EmptyState icon="filter" title={operations.bulk.noneNewest}>
          {operations.bulk.olderToo}
        </EmptyState>
      ) : (
        <>
          <Matched preview={preview} applies={operations.applies[target.action]} />
          <Sample sample={sample} />
        </>
      )}
    </div>
  );
}

interface MatchedProps {
  readonly preview: OperationPreviewAnswer;
  /** What the action is for. */
  readonly applies: string;
}

function Matched({ preview: { atLeast, byState }, applies }: MatchedProps) {
  const { bulk } = useText().operations;
  const { number } = useFormats();
  return (
    <div>
      <p className="mb-1 text-xs text-ink-soft">{atLeast ? bulk.matchedAtLeast : bulk.matched}</p>
      <StackedBar counts={byState} />
      <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1">
        {jobStates
          .filter((state) => byState[state] > 0)
          .map((state) => (
            <li key={state} className="inline-flex items-center gap-1.5">
              <StateBadge state={state} /> {number(byState[state])}
            </li>
          ))}
      </ul>
      <p className="mt-1 text-xs text-ink-soft">{applies}</p>
    </div>
  );
}

function Sample({ sample }: Pick<OperationPreviewAnswer, "sample">) {
  const { operations } = useText();
  return (
    <div>
      <p className="mb-1 text-xs text-ink-soft">{operations.bulk.sample}</p>
      <ul className="divide-y divide-line rounded-md border border-line">
        {sample.slice(0, mostSamples).map(({ id, name, payload }) => (
          <li key={id} className="min-w-0 px-2.5 py-1.5">
            <p className="truncate">
              <bdi className="font-medium">{name}</bdi>{" "}
              <span className="text-xs text-ink-soft">{id}</span>
            </p>
            <p className="truncate font-mono text-xs text-ink-soft">
              <bdi dir="ltr">{payload}</bdi>
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}
