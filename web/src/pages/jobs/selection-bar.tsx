import { useState } from "react";
import type { BulkAction } from "../../../../src/core/operation.ts";
import type { Counted } from "../../../../src/dashboard/wire/jobs.ts";
import { useRefusal } from "../../api/session.ts";
import { ActionButton } from "../../components/action-button.tsx";
import { Button } from "../../components/button.tsx";
import type { IconName } from "../../components/icons.ts";
import { Menu } from "../../components/menu.tsx";
import type { Selection } from "../../components/selection.ts";
import { useFormats, useText } from "../../text/text-context.tsx";
import { actionPermissions } from "../operation/action-permissions.ts";
import { BulkDialog } from "../operation/bulk-dialog.tsx";

interface SelectionBarProps {
  /** The filter that is applied. */
  readonly text: string;
  readonly selection: Selection;
  /** How many jobs the filter matches. */
  readonly matching: Counted | undefined;
}

/** What can be done to the rows that are selected, or to all that match. */
export function SelectionBar({ text, selection, matching }: SelectionBarProps) {
  const { operations, words } = useText();
  const [all, setAll] = useState(false);
  const [action, setAction] = useState<BulkAction>();
  const [top] = useState(barHeight);
  const count = selection.ids.length;
  const total = useTotal(matching);
  const isMore = matching !== undefined && (matching.atLeast || matching.count > count);
  return (
    <div
      style={{ top }}
      className="z-20 flex flex-wrap items-center gap-2 rounded-t-lg border-b border-line bg-accent-tint px-3 py-2 max-sm:fixed max-sm:inset-x-0 max-sm:top-auto! max-sm:bottom-0 max-sm:rounded-none max-sm:border-t max-sm:shadow-high sm:sticky"
    >
      <span className="font-medium">
        {all ? operations.bulk.allSelected(total) : words.selected(count)}
      </span>
      {isMore && (
        <Button tone="quiet" onClick={() => setAll(!all)}>
          {all ? operations.bulk.onlyPage : operations.bulk.selectAll(total)}
        </Button>
      )}
      <Button tone="quiet" onClick={() => selection.replace([])}>
        {operations.bulk.clear}
      </Button>
      <span className="flex-1 text-xs text-ink-soft">
        <span className="max-2xl:sr-only">{operations.bulk.held}</span>
      </span>
      <BulkButtons onAction={setAction} />
      {action !== undefined && (
        <BulkDialog
          target={{ action, q: all ? text : `id:${selection.ids.join(",")}` }}
          onClose={() => setAction(undefined)}
        />
      )}
    </div>
  );
}

/** It stays in sight below the bar of the whole dashboard, however far down the rows are. */
const barHeight = (): number => document.querySelector("header")?.offsetHeight ?? 0;

function useTotal(matching: Counted | undefined): string {
  const { number } = useFormats();
  if (matching === undefined) return "";
  return `${number(matching.count)}${matching.atLeast ? "+" : ""}`;
}

const icons: Readonly<Record<BulkAction, IconName>> = {
  retry: "retryable",
  cancel: "cancelled",
  runNow: "runNow",
  delete: "trash",
  move: "arrowRight",
  changePriority: "edit",
};

const buttons: readonly BulkAction[] = ["retry", "cancel", "runNow", "delete"];
const inMenu: readonly BulkAction[] = ["move", "changePriority"];

function BulkButtons({ onAction }: { readonly onAction: (action: BulkAction) => void }) {
  const { operations, words } = useText();
  const refusal = useRefusal("jobs:update");
  return (
    <>
      {buttons.map((action) => (
        <ActionButton
          key={action}
          permission={actionPermissions[action]}
          icon={icons[action]}
          tone={action === "delete" ? "danger" : "plain"}
          onClick={() => onAction(action)}
        >
          {operations.actions[action]}
        </ActionButton>
      ))}
      <Menu
        items={inMenu.map((action) => ({
          label: operations.actions[action],
          icon: icons[action],
          refusal,
          onSelect: () => onAction(action),
        }))}
      >
        {(props) => (
          <Button {...props} icon="more">
            {words.more}
          </Button>
        )}
      </Menu>
    </>
  );
}
