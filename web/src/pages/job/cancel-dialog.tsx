import { type FormEvent, useState } from "react";
import type { JobAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Field } from "../../components/field.tsx";
import { Input } from "../../components/input.tsx";
import { useText } from "../../text/text-context.tsx";

interface CancelDialogProps {
  readonly job: JobAnswer;
  readonly onClose: () => void;
  readonly onCancel: (why: string) => Promise<unknown>;
}

/** Says what cancelling does to a job as it is, and asks why. */
export function CancelDialog({ job, onClose, onCancel }: CancelDialogProps) {
  const { job: text, words } = useText();
  const { title, waiting, running, why, whyHint, action } = text.cancelDialog;
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onClose();
    void onCancel(reason);
  };
  return (
    <Dialog title={title(job.id)} onClose={onClose}>
      <form onSubmit={submit} className="grid gap-4">
        <p className="text-ink-soft">{job.state === "running" ? running : waiting}</p>
        <Field label={why} hint={whyHint}>
          {(field) => (
            <Input
              {...field}
              value={reason}
              maxLength={1_000}
              onChange={({ target }) => setReason(target.value)}
            />
          )}
        </Field>
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button type="submit" tone="primary">
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
