import type { EnqueueAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { useAction } from "../../api/use-action.ts";
import { ActionButton } from "../../components/action-button.tsx";
import { useText } from "../../text/text-context.tsx";

interface RunNowButtonProps {
  readonly name: string;
  /** True for one in a row: without its word. */
  readonly small?: boolean;
}

/** Makes a schedule's job now, besides its ticks. */
export function RunNowButton({ name, small = false }: RunNowButtonProps) {
  const { schedules } = useText();
  const { run, pending } = useAction();
  const start = () =>
    void run<EnqueueAnswer>({
      path: `schedules/${encodeURIComponent(name)}/run-now`,
      topics: ["schedules", "jobs", "overview"],
      done: ({ id }) => schedules.started(id),
    });
  return (
    <ActionButton
      permission="schedules:run"
      icon="runNow"
      tone={small ? "quiet" : "primary"}
      pending={pending}
      aria-label={small ? schedules.of(schedules.runNow, name) : undefined}
      title={small ? schedules.runNow : undefined}
      className={small ? "w-8 px-0" : ""}
      onClick={start}
    >
      {small ? null : schedules.runNow}
    </ActionButton>
  );
}
