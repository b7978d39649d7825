import { useLocation } from "wouter";
import type { EnqueueAnswer, EnqueueBody } from "../../../../src/dashboard/wire/jobs.ts";
import { useAction } from "../../api/use-action.ts";
import { useText } from "../../text/text-context.tsx";
import { type JobDraft, tagsOf } from "./job-draft.ts";

type Order = Omit<JobDraft, "payload"> & { readonly payload: string | undefined };

/** Enqueues what a form says and goes to the new job; resolves to false when it was refused. */
export function useEnqueue() {
  const { done } = useText().job;
  const { run } = useAction();
  const [, navigate] = useLocation();
  return async (order: Order, duplicateOf?: string): Promise<boolean> => {
    const answer = await run<EnqueueAnswer>({
      path: "jobs",
      body: bodyOf(order, duplicateOf),
      topics: ["jobs"],
      done: ({ id }) => done.enqueued(id),
    });
    if (answer === undefined) return false;
    navigate(`/jobs/${answer.id}`);
    return true;
  };
}

function bodyOf(order: Order, duplicateOf: string | undefined): EnqueueBody {
  const { name, payload, queue, priority, delay, tags } = order;
  return {
    name: name.trim(),
    ...(payload === undefined ? {} : { payload }),
    ...(queue.trim() === "" ? {} : { queue: queue.trim() }),
    priority: Number(priority),
    ...(delay.trim() === "" ? {} : { delay: delay.trim() }),
    tags: tagsOf(tags),
    ...(duplicateOf === undefined ? {} : { duplicateOf }),
  };
}
