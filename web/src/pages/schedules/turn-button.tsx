import type { ScheduleRow } from "../../../../src/dashboard/wire/schedules.ts";
import { useAction } from "../../api/use-action.ts";
import { ActionButton } from "../../components/action-button.tsx";
import { useText } from "../../text/text-context.tsx";

interface TurnButtonProps {
  readonly schedule: Pick<ScheduleRow, "name" | "state">;
  /** True for one in a row: without its word. */
  readonly small?: boolean;
}

/** Pauses a schedule, or resumes it, and offers to take that back. */
export function TurnButton({ schedule: { name, state }, small = false }: TurnButtonProps) {
  const { schedules } = useText();
  const { run, pending } = useAction();
  const turn = (verb: "pause" | "resume", undo?: () => void) =>
    run({
      path: `schedules/${encodeURIComponent(name)}/${verb}`,
      topics: ["schedules", "overview"],
      done: verb === "pause" ? schedules.pausedDone(name) : schedules.resumedDone(name),
      ...(undo === undefined ? {} : { undo }),
    });
  const [verb, back] =
    state === "paused" ? (["resume", "pause"] as const) : (["pause", "resume"] as const);
  const word = schedules[verb];
  return (
    <ActionButton
      permission="schedules:pause"
      icon={verb === "pause" ? "pause" : "play"}
      tone={small ? "quiet" : "plain"}
      refusal={state === "ended" ? schedules.endedReason : undefined}
      pending={pending}
      aria-label={small ? schedules.of(word, name) : undefined}
      title={small ? word : undefined}
      className={small ? "w-8 px-0" : ""}
      onClick={() => void turn(verb, () => void turn(back))}
    >
      {small ? null : word}
    </ActionButton>
  );
}
