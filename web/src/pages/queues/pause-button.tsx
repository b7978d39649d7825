import { ActionButton } from "../../components/action-button.tsx";
import { useText } from "../../text/text-context.tsx";
import { usePause } from "./use-pause.ts";

interface PauseButtonProps {
  readonly queue: { readonly name: string; readonly paused: boolean };
  /** True for one in a row: without its word. */
  readonly small?: boolean;
}

/** Pauses a queue, or resumes it. */
export function PauseButton({ queue: { name, paused }, small = false }: PauseButtonProps) {
  const { queues } = useText();
  const { pause, resume, pending } = usePause(name);
  const word = paused ? queues.resume : queues.pause;
  return (
    <ActionButton
      permission="queues:pause"
      icon={paused ? "play" : "pause"}
      tone={small ? "quiet" : "plain"}
      pending={pending}
      aria-label={small ? queues.of(word, name) : undefined}
      title={small ? word : undefined}
      className={small ? "w-8 px-0" : ""}
      onClick={paused ? resume : pause}
    >
      {small ? null : word}
    </ActionButton>
  );
}
