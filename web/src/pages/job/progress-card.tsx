import type { JobAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { Card } from "../../components/card.tsx";
import { JsonTree } from "../../components/json-tree.tsx";
import { useFormats, useText } from "../../text/text-context.tsx";
import { progressShare } from "./progress-share.ts";

/** How far a job says it has got. */
export function ProgressCard({ job }: { readonly job: JobAnswer }) {
  const { progress: text } = useText().job;
  const { progress } = job;
  if (progress === null) return null;
  const share = progressShare(progress);
  return (
    <Card title={text.title}>
      {share !== undefined && <ProgressBar share={share} label={text.label} />}
      {!isNumber(progress) && <JsonTree text={progress} label={text.label} />}
    </Card>
  );
}

const isNumber = (text: string): boolean => /^[\d.]+$/.test(text);

interface ProgressBarProps {
  /** From 0 to 1. */
  readonly share: number;
  readonly label: string;
}

/** How much of something is done. */
export function ProgressBar({ share, label }: ProgressBarProps) {
  const { percent } = useFormats();
  return (
    <div className="mb-2 flex items-center gap-3">
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        className="h-2 flex-1 overflow-hidden rounded-full bg-raised"
      >
        <div
          className="h-full rounded-full bg-accent transition-[width]"
          style={{ width: `${share * 100}%` }}
        />
      </div>
      <span className="w-14 text-end tabular-nums">{percent(share)}</span>
    </div>
  );
}
