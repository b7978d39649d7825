import type { OperationPreviewAnswer } from "../../../../src/dashboard/wire/operations.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { jobStates } from "../../components/job-states.ts";
import { StackedBar } from "../../components/stacked-bar.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { useFormats, useText } from "../../text/text-context.tsx";
import type { BulkTarget } from "./bulk-draft.ts";
import type { CountedPreview } from "./use-full-count.ts";

interface BulkPreviewProps {
  readonly target: BulkTarget;
  readonly counted: CountedPreview;
}

const mostSamples = 5;

/** What an operation would be done to: how many in which states, and some of them. */
export function BulkPreview({ target, counted }: BulkPreviewProps) {
  const { operations } = useText();
  const { matched, atLeast, sample } = counted.preview;
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
          {counted.counting ? <Counting {...counted} /> : operations.bulk.olderToo}
        </EmptyState>
      ) : (
        <>
          <Matched counted={counted} applies={operations.applies[target.action]} />
          <Sample sample={sample} />
        </>
      )}
    </div>
  );
}

/** How far the count has come. */
function Counting({ share }: CountedPreview) {
  const { bulk } = useText().operations;
  const { percent } = useFormats();
  return <>{bulk.counting(share === undefined ? undefined : percent(share))}</>;
}

interface MatchedProps {
  readonly counted: CountedPreview;
  /** What the action is for. */
  readonly applies: string;
}

function Matched({ counted, applies }: MatchedProps) {
  const { bulk } = useText().operations;
  const { number } = useFormats();
  const { atLeast, byState } = counted.preview;
  const asFar = counted.counting ? <Counting {...counted} /> : bulk.matchedAtLeast;
  return (
    <div>
      <p className="mb-1 text-xs text-ink-soft tabular-nums">{atLeast ? asFar : bulk.matched}</p>
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
