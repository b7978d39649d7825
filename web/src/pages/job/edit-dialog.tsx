import type { JobAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { useAction } from "../../api/use-action.ts";
import { useToasts } from "../../components/toasts.tsx";
import { useText } from "../../text/text-context.tsx";
import { changedBody, type JobDraft } from "./job-draft.ts";
import { JobForm } from "./job-form.tsx";
import { readableJson } from "./readable-json.ts";

interface EditDialogProps {
  readonly job: JobAnswer;
  readonly onClose: () => void;
}

/** Changes a job that waits. Only what was changed is sent, so that nobody's change in between is taken back. */
export function EditDialog({ job, onClose }: EditDialogProps) {
  const text = useText().job;
  const { run } = useAction();
  const toasts = useToasts();
  const start = draftOf(job);
  const send = async (draft: JobDraft) => {
    const body = changedBody(start, draft);
    if (Object.keys(body).length === 0) {
      toasts.show({ text: text.form.wrong.unchanged });
      return true;
    }
    const answer = await run<object>({
      path: `jobs/${job.id}/update`,
      body,
      topics: [`job:${job.id}`, "jobs"],
      done: text.done.updated,
    });
    return answer !== undefined;
  };
  return (
    <JobForm
      title={text.form.editTitle(job.id)}
      action={text.form.save}
      start={start}
      without={{
        name: "",
        ...(job.redacted.length > 0 ? { payload: text.form.payloadHidden } : {}),
      }}
      hints={{ delay: text.form.delayEditHint }}
      onClose={onClose}
      onSend={send}
    />
  );
}

/** A job as it is written in a form. */
export const draftOf = (job: JobAnswer): JobDraft => ({
  name: job.name,
  payload: readableJson(job.payload),
  queue: job.queue,
  priority: String(job.priority),
  delay: "",
  tags: job.tags.join(", "),
});
