import { Link } from "wouter";
import type { ScheduleRow } from "../../../../src/dashboard/wire/schedules.ts";
import { jobStates, stateClasses } from "../../components/job-states.ts";
import { useFormats, useText } from "../../text/text-context.tsx";

type Outcome = ScheduleRow["history"][number];

interface OutcomeBarsProps {
  readonly history: readonly Outcome[];
}

/** What became of the newest jobs of a schedule: a bar for each, in the colour of its state, as high as it ran long. */
export function OutcomeBars({ history }: OutcomeBarsProps) {
  const { schedules, states } = useText();
  const { number } = useFormats();
  if (history.length === 0) return <span className="text-ink-soft">{schedules.noJobs}</span>;
  const counts = jobStates.flatMap((state) => {
    const count = history.filter((outcome) => outcome.state === state).length;
    return count === 0 ? [] : [`${states[state]}: ${number(count)}`];
  });
  const said = `${schedules.outcomes}: ${counts.join(", ")}`;
  return (
    <span role="img" aria-label={said} title={said} className="flex h-6 items-end gap-0.5">
      {history.map((outcome) => (
        <span
          key={outcome.job}
          className={`w-1.5 rounded-xs ${stateClasses[outcome.state].fill}`}
          style={{ height: heightOf(outcome, history) }}
        />
      ))}
    </span>
  );
}

/** The same, large: each bar leads to its job. */
export function OutcomeLinks({ history }: OutcomeBarsProps) {
  const { schedules, states } = useText();
  const { duration, dateTime } = useFormats();
  if (history.length === 0) return <p className="text-ink-soft">{schedules.noJobs}</p>;
  return (
    <ol aria-label={schedules.outcomes} className="flex h-20 items-end gap-0.5 overflow-x-auto">
      {history.map((outcome) => {
        const { job, state, at, ranMs } = outcome;
        const ran = ranMs === null ? "" : `, ${duration(ranMs)}`;
        const said = `${schedules.job(job)}: ${states[state]}${ran}, ${dateTime(at)}`;
        return (
          <li key={job} className="h-full max-w-4 min-w-2 flex-1">
            <Link
              href={`/jobs/${job}`}
              aria-label={said}
              title={said}
              className="flex h-full items-end rounded-sm hover:bg-raised focus-visible:-outline-offset-2"
            >
              <span
                className={`w-full rounded-t-sm ${stateClasses[state].fill}`}
                style={{ height: heightOf(outcome, history) }}
              />
            </Link>
          </li>
        );
      })}
    </ol>
  );
}

/** At least a fifth, so that every bar is seen. */
function heightOf({ ranMs }: Outcome, history: readonly Outcome[]): string {
  const longest = Math.max(1, ...history.map((outcome) => outcome.ranMs ?? 0));
  return `${20 + ((ranMs ?? 0) / longest) * 80}%`;
}
