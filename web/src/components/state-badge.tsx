import type { JobState } from "../../../src/core/job.ts";
import { useText } from "../text/text-context.tsx";
import { Icon } from "./icon.tsx";
import { stateClasses } from "./job-states.ts";

/** A job's state: colour, drawing and word. */
export function StateBadge({ state }: { readonly state: JobState }) {
  const { states } = useText();
  return (
    <span
      className={`inline-flex items-center gap-1.5 rounded-full px-2 py-0.5 text-xs font-medium whitespace-nowrap ${stateClasses[state].badge}`}
    >
      <Icon name={state} size={13} />
      {states[state]}
    </span>
  );
}
