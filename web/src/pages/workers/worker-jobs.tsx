import { TextLink } from "../../components/text-link.tsx";
import { useFormats, useText } from "../../text/text-context.tsx";
import { jobsLink } from "../jobs/jobs-link.ts";

interface WorkerJobsProps {
  readonly id: string;
  /** The ids of those begun last. */
  readonly jobs: readonly string[];
  /** How many run in all. */
  readonly running: number;
}

/** What a worker runs now. */
export function WorkerJobs({ id: worker, jobs, running }: WorkerJobsProps) {
  const { workers } = useText();
  const { number } = useFormats();
  const more = running - jobs.length;
  return (
    <div className="mt-auto">
      <h3 className="text-xs text-ink-soft">{workers.runs}</h3>
      <p className="mt-1 flex flex-wrap gap-x-2 gap-y-0.5">
        {jobs.length === 0 && <span className="text-ink-soft">{workers.runsNothing}</span>}
        {jobs.map((id) => (
          <TextLink key={id} to={`/jobs/${id}`} className="font-mono text-xs">
            {id}
          </TextLink>
        ))}
        {more > 0 && jobs.length > 0 && (
          <TextLink to={jobsLink({ worker: [worker], state: ["running"] })} className="text-xs">
            {workers.andMore(number(more))}
          </TextLink>
        )}
      </p>
    </div>
  );
}
