import { useLocation } from "wouter";
import type { Topic } from "../../../../src/dashboard/wire/live.ts";
import type { CancelAnswer, JobAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { useAction } from "../../api/use-action.ts";
import { useConfirm } from "../../components/confirm.tsx";
import { useText } from "../../text/text-context.tsx";

/** What is done to a job by one press; every act is said, and refused ones say why. */
export function useJobActions({ id }: JobAnswer) {
  const text = useText().job;
  const { run, pending } = useAction();
  const confirm = useConfirm();
  const [, navigate] = useLocation();
  const topics: readonly Topic[] = [`job:${id}`, "jobs"];
  return {
    pending,
    retry: () => void run({ path: `jobs/${id}/retry`, topics, done: text.done.retried }),
    runNow: () => void run({ path: `jobs/${id}/run-now`, topics, done: text.done.runNow }),
    cancel: (why: string) =>
      run<CancelAnswer>({
        path: `jobs/${id}/cancel`,
        body: why.trim() === "" ? {} : { why },
        topics,
        done: ({ outcome }) => text.done[outcome],
      }),
    remove: async () => {
      const { title, effect, action } = text.deleteDialog;
      if (!(await confirm({ title: title(id), effect, action, dangerous: true }))) return;
      const answer = await run<object>({
        path: `jobs/${id}/delete`,
        topics: ["jobs"],
        done: text.done.deleted(id),
      });
      if (answer !== undefined) navigate("/jobs");
    },
  };
}
