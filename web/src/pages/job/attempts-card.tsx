import type { Attempt } from "../../../../src/core/attempt.ts";
import type { LogLine } from "../../../../src/core/log-line.ts";
import type { JobAnswer, JobLogsAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { useResource } from "../../api/use-resource.ts";
import { Card } from "../../components/card.tsx";
import { Elapsed } from "../../components/duration.tsx";
import { Icon } from "../../components/icon.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { useFormats, useText } from "../../text/text-context.tsx";
import { ErrorView } from "./error-view.tsx";
import { LogLines } from "./log-lines.tsx";

/** The tries of a job, newest first, each with its error and what it logged. */
export function AttemptsCard({ job }: { readonly job: JobAnswer }) {
  const text = useText().job;
  const { data } = useResource<JobLogsAnswer>(`job:${job.id}`, `jobs/${job.id}/logs`);
  const lines = data?.lines ?? [];
  const newestFirst = job.attempts.toReversed();
  const missing = job.run - job.attempts.length - (job.state === "running" ? 1 : 0);
  return (
    <Card title={text.attempts.title} flush>
      <ol className="mt-2 divide-y divide-line border-t border-line">
        {job.state === "running" && <RunningItem job={job} lines={lines} />}
        {newestFirst.map((attempt, index) => (
          <AttemptItem
            key={attempt.run}
            attempt={attempt}
            lines={lines.filter(({ run }) => run === attempt.run)}
            open={index === 0}
          />
        ))}
        {newestFirst.length === 0 && job.state !== "running" && (
          <li className="px-4 py-3 text-ink-soft">{text.attempts.none}</li>
        )}
      </ol>
      {missing > 0 && newestFirst.length > 0 && (
        <p className="border-t border-line px-4 py-2 text-xs text-ink-soft">
          {text.attempts.kept(newestFirst.length)}
        </p>
      )}
    </Card>
  );
}

interface RunningItemProps {
  readonly job: JobAnswer;
  readonly lines: readonly LogLine[];
}

function RunningItem({ job, lines }: RunningItemProps) {
  const { attempts } = useText().job;
  return (
    <li className="px-4 py-3">
      <p className="flex flex-wrap items-center gap-x-3">
        <Icon name="running" className="animate-pulse text-running" />
        <span className="font-medium">{attempts.attempt(job.attempt)}</span>
        <span className="text-running-ink">{attempts.runningNow}</span>
        {job.worker !== null && (
          <span className="text-ink-soft">{attempts.worker(job.worker)}</span>
        )}
        <span className="ms-auto text-ink-soft">
          {job.claimedAt !== null && <Elapsed since={job.claimedAt} />}
        </span>
      </p>
      <LogLines lines={lines.filter(({ run }) => run === job.run)} />
    </li>
  );
}

interface AttemptItemProps {
  readonly attempt: Attempt;
  readonly lines: readonly LogLine[];
  /** True when it stands open at first. */
  readonly open: boolean;
}

function AttemptItem({ attempt, lines, open }: AttemptItemProps) {
  const text = useText().job;
  const { duration } = useFormats();
  const { number, worker, began, ended, how, error, run } = attempt;
  const isGood = how === "completed";
  return (
    <li>
      <details open={open} className="group">
        <summary className="flex flex-wrap items-center gap-x-3 px-4 py-3 hover:bg-raised">
          <Icon name="chevronRight" size={14} className="text-ink-soft group-open:rotate-90" />
          <span className="font-medium">{text.attempts.attempt(number)}</span>
          <span
            className={isGood ? "text-completed-ink" : error === undefined ? "" : "text-danger"}
          >
            {text.how[how]}
          </span>
          <span className="text-ink-soft">{text.attempts.ran(duration(ended - began))}</span>
          <span className="text-ink-soft">{text.attempts.worker(worker)}</span>
          {run !== number && <span className="text-ink-soft">{text.attempts.run(run)}</span>}
          <span className="ms-auto text-ink-soft">
            <RelativeTime at={ended} />
          </span>
        </summary>
        <div className="grid gap-3 px-4 pb-4 sm:ps-10">
          {error !== undefined && <ErrorView error={error} />}
          <LogLines lines={lines} />
        </div>
      </details>
    </li>
  );
}
