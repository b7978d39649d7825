import { useState } from "react";
import { ActionButton } from "../../components/action-button.tsx";
import { useText } from "../../text/text-context.tsx";
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
          onSend={(draft) => enqueue(draft)}
        />
      )}
    </>
  );
}
