import type { JobState } from "../../../src/core/job.ts";
import { useFormats, useText } from "../text/text-context.tsx";
import { jobStates, stateClasses } from "./job-states.ts";

interface StackedBarProps {
  readonly counts: Readonly<Partial<Record<JobState, number>>>;
}

/** How jobs are spread over the states, as one bar. */
export function StackedBar({ counts }: StackedBarProps) {
  const { states, words } = useText();
  const { number } = useFormats();
  const parts = jobStates.flatMap((state) => {
    const count = counts[state] ?? 0;
    return count > 0 ? [{ state, count }] : [];
  });
  const said = parts.map(({ state, count }) => `${states[state]}: ${number(count)}`).join(", ");
  return (
    <div
      role="img"
      aria-label={said === "" ? words.none : said}
      title={said}
      className="flex h-2 gap-px overflow-hidden rounded-full bg-raised"
    >
      {parts.map(({ state, count }) => (
        <span
          key={state}
          className={`min-w-1 ${stateClasses[state].fill}`}
          style={{ flexGrow: count }}
        />
      ))}
    </div>
  );
}
