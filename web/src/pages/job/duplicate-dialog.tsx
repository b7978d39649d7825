import { useState } from "react";
import type { JobAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { Switch } from "../../components/switch.tsx";
import { useText } from "../../text/text-context.tsx";
import { draftOf } from "./edit-dialog.tsx";
import { changedBody } from "./job-draft.ts";
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
  const [withKey, setWithKey] = useState(false);
  const hidden = job.redacted.length > 0;
  const tags = job.tags.filter((tag) => !isOfSchedule(tag));
  const start = { ...draftOf(job), tags: tags.join(", ") };
  return (
    <JobForm
      title={form.duplicateTitle(job.id)}
      action={form.enqueue}
      start={start}
      without={{ name: "", ...(hidden ? { payload: form.payloadCopied } : {}) }}
      notes={
        <div className="grid gap-2 text-ink-soft">
          <p>{job.state === "completed" ? form.copiesOfCompleted : form.copies}</p>
          {job.uniqueKey !== null && (
            <>
              <Switch label={form.withUniqueKey} on={withKey} onChange={setWithKey} />
              <p className="text-xs">{form.withUniqueKeyHint}</p>
            </>
          )}
        </div>
      }
      onClose={onClose}
      onSend={(draft) =>
        enqueue({
          ...changedBody(start, draft),
          duplicateOf: job.id,
          ...(withKey ? { withUniqueKey: true } : {}),
        })
      }
    />
  );
}
