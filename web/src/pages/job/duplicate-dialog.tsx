import type { JobAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { useText } from "../../text/text-context.tsx";
import { draftOf } from "./edit-dialog.tsx";
import { JobForm } from "./job-form.tsx";
import { useEnqueue } from "./use-enqueue.ts";

interface DuplicateDialogProps {
  readonly job: JobAnswer;
  readonly onClose: () => void;
}

/** Tags of which no other job may have the same. */
const isOfSchedule = (tag: string): boolean => /^(schedule|tick):/.test(tag);

/** Enqueues another job like one there is. */
export function DuplicateDialog({ job, onClose }: DuplicateDialogProps) {
  const { form } = useText().job;
  const enqueue = useEnqueue();
  const hidden = job.redacted.length > 0;
  const tags = job.tags.filter((tag) => !isOfSchedule(tag));
  return (
    <JobForm
      title={form.duplicateTitle(job.id)}
      action={form.enqueue}
      start={{ ...draftOf(job), tags: tags.join(", ") }}
      without={{ name: "", ...(hidden ? { payload: form.payloadCopied } : {}) }}
      onClose={onClose}
      onSend={({ payload, ...draft }) =>
        enqueue({ ...draft, payload: hidden ? undefined : payload }, job.id)
      }
    />
  );
}
