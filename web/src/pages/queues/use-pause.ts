import { useAction } from "../../api/use-action.ts";
import { useText } from "../../text/text-context.tsx";

/** Pauses or resumes a queue, and offers to take that back. */
export function usePause(name: string) {
  const { queues } = useText();
  const { run, pending } = useAction();
  const turn = (verb: "pause" | "resume", undo?: () => void) =>
    run({
      path: `queues/${encodeURIComponent(name)}/${verb}`,
      topics: ["queues", "overview"],
      done: verb === "pause" ? queues.pausedDone(name) : queues.resumedDone(name),
      ...(undo === undefined ? {} : { undo }),
    });
  return {
    pending,
    pause: () => void turn("pause", () => void turn("resume")),
    resume: () => void turn("resume", () => void turn("pause")),
  };
}
