import type { OperationState as State } from "../../../../src/core/operation.ts";
import { Icon } from "../../components/icon.tsx";
import { stateClasses } from "../../components/job-states.ts";
import { useText } from "../../text/text-context.tsx";

/** Where an operation stands: colour, drawing and word. */
export function OperationState({ state }: { readonly state: State }) {
  const { operations } = useText();
  return (
    <span
      className={`inline-flex items-center gap-1.5 rounded-full px-2 py-0.5 text-xs font-medium whitespace-nowrap ${stateClasses[state].badge}`}
    >
      <Icon name={state} size={13} />
      {operations.states[state]}
    </span>
  );
}
