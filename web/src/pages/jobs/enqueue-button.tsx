import { useState } from "react";
import type { EnqueueBody } from "../../../../src/dashboard/wire/jobs.ts";
import { ActionButton } from "../../components/action-button.tsx";
import { useText } from "../../text/text-context.tsx";
import { type JobDraft, tagsOf } from "../job/job-draft.ts";
import { JobForm } from "../job/job-form.tsx";
import { useEnqueue } from "../job/use-enqueue.ts";

const empty = { name: "", payload: "{}", queue: "", priority: "5", delay: "", tags: "" };

/** Enqueues a job by hand. */
export function EnqueueButton() {
  const { jobs, job } = useText();
  const [open, setOpen] = useState(false);
  const enqueue = useEnqueue();
  return (
    <>
      <ActionButton
        permission="jobs:enqueue"
        tone="primary"
        icon="plus"
        onClick={() => setOpen(true)}
      >
        {jobs.enqueue}
      </ActionButton>
      {open && (
        <JobForm
          title={job.form.enqueueTitle}
          action={job.form.enqueue}
          start={empty}
          onClose={() => setOpen(false)}
          onSend={(draft) => enqueue(bodyOf(draft))}
        />
      )}
    </>
  );
}

const bodyOf = ({ name, payload, queue, priority, delay, tags }: JobDraft): EnqueueBody => ({
  name: name.trim(),
  payload,
  ...(queue.trim() === "" ? {} : { queue: queue.trim() }),
  priority: Number(priority),
  ...(delay.trim() === "" ? {} : { delay: delay.trim() }),
  tags: tagsOf(tags),
});
