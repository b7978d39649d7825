import { type FormEvent, useState } from "react";
import type { BulkAction } from "../../../../src/core/operation.ts";
import type { OperationPreviewAnswer } from "../../../../src/dashboard/wire/operations.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Resource } from "../../components/resource.tsx";
import type { Catalogue } from "../../text/catalogue.ts";
import { useText } from "../../text/text-context.tsx";
import { type BulkTarget, bulkBody, bulkFault, emptyDraft, hasGrace } from "./bulk-draft.ts";
import { BulkPreview } from "./bulk-preview.tsx";
import { BulkSettings } from "./bulk-settings.tsx";
import { Grace } from "./grace.tsx";
import { usePreview } from "./use-preview.ts";
import { useStartOperation } from "./use-start-operation.ts";

interface BulkDialogProps {
  readonly target: BulkTarget;
  readonly onClose: () => void;
}

/** Begins an operation: says first what it would be done to and what happens then. */
export function BulkDialog({ target, onClose }: BulkDialogProps) {
  const { operations } = useText();
  const preview = usePreview(target);
  return (
    <Dialog title={bulkTitle(operations, target.action, preview.data)} onClose={onClose} wide>
      {preview.isFetching && <p className="text-ink-soft">{operations.bulk.looking} …</p>}
      <Resource query={preview} lines={4}>
        {(answer) => <BulkForm target={target} preview={answer} onClose={onClose} />}
      </Resource>
    </Dialog>
  );
}

/** Says what is done to how many, once that is known. */
function bulkTitle(
  { actions, titles }: Pick<Catalogue["operations"], "actions" | "titles">,
  action: BulkAction,
  preview: OperationPreviewAnswer | undefined,
): string {
  if (preview === undefined || preview.matched === 0) return actions[action];
  return titles[action](preview.matched, preview.atLeast);
}

interface BulkFormProps extends BulkDialogProps {
  readonly preview: OperationPreviewAnswer;
}

function BulkForm({ target, preview, onClose }: BulkFormProps) {
  const { operations, words } = useText();
  const [draft, setDraft] = useState(emptyDraft);
  const [tried, setTried] = useState(false);
  const [waiting, setWaiting] = useState(false);
  const { start, pending } = useStartOperation(onClose);
  const { action } = target;
  const matched = { count: preview.matched, atLeast: preview.atLeast };
  const isNone = matched.count === 0 && !matched.atLeast;
  const fault = bulkFault(target, draft, matched);
  const begin = () => {
    setWaiting(false);
    void start(bulkBody(target, draft));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (fault !== undefined) return;
    if (hasGrace(action)) setWaiting(true);
    else begin();
  };
  if (waiting) return <Grace onBegin={begin} onUndo={() => setWaiting(false)} />;
  return (
    <form onSubmit={submit} className="grid grid-cols-1 gap-4" noValidate>
      <BulkPreview target={target} preview={preview} />
      {!isNone && (
        <>
          <p>{operations.effects[action]}</p>
          <BulkSettings
            action={action}
            matched={matched}
            draft={draft}
            fault={tried ? fault : undefined}
            onChange={setDraft}
          />
        </>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{words.cancel}</Button>
        {!isNone && <BeginButton action={action} preview={preview} pending={pending} />}
      </div>
    </form>
  );
}

interface BeginButtonProps {
  readonly action: BulkAction;
  readonly preview: OperationPreviewAnswer;
  readonly pending: boolean;
}

function BeginButton({ action, preview, pending }: BeginButtonProps) {
  const { operations } = useText();
  return (
    <Button type="submit" tone={action === "delete" ? "dangerous" : "primary"} pending={pending}>
      {bulkTitle(operations, action, preview)}
    </Button>
  );
}
