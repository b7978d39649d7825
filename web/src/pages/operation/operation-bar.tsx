import type { OperationRow } from "../../../../src/dashboard/wire/operations.ts";
import { useFormats, useText } from "../../text/text-context.tsx";

type OperationBarProps = Pick<OperationRow, "done" | "skipped" | "failed" | "matched">;

/** How far an operation has got: what was done, what was left out, what failed, and what is to come. */
export function OperationBar({ done, skipped, failed, matched }: OperationBarProps) {
  const { progress } = useText().operations;
  const { number } = useFormats();
  const treated = done + skipped + failed;
  const all = Math.max(matched, treated, 1);
  const share = (count: number) => ({ width: `${(count / all) * 100}%` });
  return (
    <div
      role="progressbar"
      aria-label={progress.label}
      aria-valuemin={0}
      aria-valuemax={all}
      aria-valuenow={treated}
      aria-valuetext={progress.of(number(treated), number(matched))}
      className="flex h-2 overflow-hidden rounded-full bg-raised"
    >
      <span className="bg-completed transition-[width]" style={share(done)} />
      <span className="bg-cancelled transition-[width]" style={share(skipped)} />
      <span className="bg-discarded transition-[width]" style={share(failed)} />
    </div>
  );
}
