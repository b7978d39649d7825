import type { OperationRow } from "../../../../src/dashboard/wire/operations.ts";
import { Card } from "../../components/card.tsx";
import { useFormats, useText } from "../../text/text-context.tsx";
import { OperationBar } from "./operation-bar.tsx";

/** How far an operation has got, in numbers. */
export function OperationProgress({ operation }: { readonly operation: OperationRow }) {
  const { progress } = useText().operations;
  const { number } = useFormats();
  const { done, skipped, failed, matched, atLeast, error } = operation;
  const numbers = [
    { label: progress.done, count: done, mark: "bg-completed" },
    { label: progress.skipped, count: skipped, mark: "bg-cancelled", hint: progress.skippedHint },
    { label: progress.failed, count: failed, mark: "bg-discarded" },
    {
      label: atLeast ? progress.matchedAtLeast : progress.matched,
      count: matched,
      mark: "bg-line-strong",
    },
  ];
  return (
    <Card
      title={
        atLeast && operation.state === "running"
          ? progress.counting(number(matched))
          : progress.of(number(done + skipped + failed), number(matched))
      }
    >
      <OperationBar {...operation} />
      <dl className="mt-4 grid grid-cols-2 gap-4 sm:grid-cols-4">
        {numbers.map(({ label, count, mark, hint }) => (
          <div key={label} title={hint}>
            <dt className="flex items-center gap-1.5 text-xs text-ink-soft">
              <span aria-hidden="true" className={`size-2 rounded-full ${mark}`} />
              {label}
            </dt>
            <dd className="text-xl font-semibold tabular-nums">{number(count)}</dd>
            {hint !== undefined && count > 0 && <dd className="text-xs text-ink-soft">{hint}</dd>}
          </div>
        ))}
      </dl>
      {error !== null && (
        <p className="mt-4 rounded-md bg-danger-tint p-3 break-words text-danger">
          {progress.lastError}: {error}
        </p>
      )}
    </Card>
  );
}
