import type { BulkAction } from "../../../../src/core/operation.ts";
import type { OperationPreviewAnswer } from "../../../../src/dashboard/wire/operations.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Resource } from "../../components/resource.tsx";
import type { Catalogue } from "../../text/catalogue.ts";
import { useText } from "../../text/text-context.tsx";
import { asksForCount, type BulkTarget } from "./bulk-draft.ts";
import { BulkPreview } from "./bulk-preview.tsx";
import { BulkSettings } from "./bulk-settings.tsx";
import { Grace } from "./grace.tsx";
import { useBulkForm } from "./use-bulk-form.ts";
import { type CountedPreview, useFullCount } from "./use-full-count.ts";
import { usePreview } from "./use-preview.ts";

interface BulkDialogProps {
  readonly target: BulkTarget;
  readonly onClose: () => void;
}

/** Begins an operation: says first what it would be done to and what happens then. */
export function BulkDialog({ target, onClose }: BulkDialogProps) {
  const { operations } = useText();
  const query = usePreview(target);
  const counted = useFullCount(target, query.data);
  return (
    <Dialog title={bulkTitle(operations, target.action, counted?.preview)} onClose={onClose} wide>
      {query.isFetching && <p className="text-ink-soft">{operations.bulk.looking} …</p>}
      <Resource query={query} lines={4}>
        {() => counted && <BulkForm target={target} counted={counted} onClose={onClose} />}
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
  readonly counted: CountedPreview;
}

function BulkForm({ target, counted, onClose }: BulkFormProps) {
  const { operations, words } = useText();
  const { action } = target;
  const { preview, counting } = counted;
  const matched = { count: preview.matched, atLeast: preview.atLeast };
  const isNone = matched.count === 0 && !matched.atLeast;
  const isEarly = counting && asksForCount(action, matched);
  const { draft, setDraft, fault, waiting, undo, begin, submit, pending } = useBulkForm(
    target,
    matched,
    onClose,
  );
  if (waiting) return <Grace onBegin={begin} onUndo={undo} />;
  return (
    <form
      onSubmit={(event) => submit(event, isEarly)}
      className="grid grid-cols-1 gap-4"
      noValidate
    >
      <BulkPreview target={target} counted={counted} />
      {!isNone && (
        <>
          <p>{operations.effects[action]}</p>
          {isEarly ? (
            <p className="text-ink-soft">{operations.bulk.countFirst}</p>
          ) : (
            <BulkSettings
              action={action}
              matched={matched}
              draft={draft}
              fault={fault}
              onChange={setDraft}
            />
          )}
        </>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{words.cancel}</Button>
        {!isNone && !isEarly && <BeginButton action={action} preview={preview} pending={pending} />}
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
