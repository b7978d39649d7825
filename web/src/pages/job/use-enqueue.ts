import { useLocation } from "wouter";
import type { EnqueueAnswer, EnqueueBody } from "../../../../src/dashboard/wire/jobs.ts";
import { useAction } from "../../api/use-action.ts";
import { useText } from "../../text/text-context.tsx";

/** Enqueues a job and goes to it; resolves to false when it was refused. */
export function useEnqueue() {
  const { done } = useText().job;
  const { run } = useAction();
  const [, navigate] = useLocation();
  return async (body: EnqueueBody): Promise<boolean> => {
    const answer = await run<EnqueueAnswer>({
      path: "jobs",
      body,
      topics: ["jobs"],
      done: ({ id }) => done.enqueued(id),
    });
    if (answer === undefined) return false;
    navigate(`/jobs/${answer.id}`);
    return true;
  };
}
