import { useState } from "react";
import type { JobAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { ActionButton } from "../../components/action-button.tsx";
import { useText } from "../../text/text-context.tsx";
import { CancelDialog } from "./cancel-dialog.tsx";
import { DuplicateDialog } from "./duplicate-dialog.tsx";
import { EditDialog } from "./edit-dialog.tsx";
import { type JobVerb, jobRefusal } from "./job-refusals.ts";
import { useJobActions } from "./use-job-actions.ts";

/** What can be done to a job; what cannot be now says why. */
export function JobActions({ job }: { readonly job: JobAnswer }) {
  const { actions, refusals } = useText().job;
  const act = useJobActions(job);
  const [open, setOpen] = useState<"cancel" | "edit" | "duplicate">();
  const close = () => setOpen(undefined);
  const props = (verb: JobVerb) => {
    const why = jobRefusal(verb, job);
    return { children: actions[verb], refusal: why === undefined ? undefined : refusals[why] };
  };
  return (
    <>
      <ActionButton
        {...props("cancel")}
        permission="jobs:cancel"
        icon="cancelled"
        onClick={() => setOpen("cancel")}
      />
      <ActionButton
        {...props("retry")}
        permission="jobs:retry"
        icon="retryable"
        onClick={act.retry}
      />
      <ActionButton {...props("runNow")} permission="jobs:run" icon="runNow" onClick={act.runNow} />
      <ActionButton
        {...props("edit")}
        permission="jobs:update"
        icon="edit"
        onClick={() => setOpen("edit")}
      />
      <ActionButton permission="jobs:enqueue" icon="copy" onClick={() => setOpen("duplicate")}>
        {actions.duplicate}
      </ActionButton>
      <ActionButton
        {...props("delete")}
        permission="jobs:delete"
        icon="trash"
        tone="danger"
        onClick={() => void act.remove()}
      />
      {open === "cancel" && <CancelDialog job={job} onClose={close} onCancel={act.cancel} />}
      {open === "edit" && <EditDialog job={job} onClose={close} />}
      {open === "duplicate" && <DuplicateDialog job={job} onClose={close} />}
    </>
  );
}
