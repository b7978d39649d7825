import type { Permission } from "../../../../src/dashboard/access/permission.ts";
import { ActionButton } from "../../components/action-button.tsx";
import { Button } from "../../components/button.tsx";
import { useText } from "../../text/text-context.tsx";

interface DraftButtonsProps {
  readonly permission: Permission;
  /** True when something was typed. */
  readonly changed: boolean;
  /** True when what was typed can be stored and is not what is stored already. */
  readonly ready: boolean;
  readonly pending: boolean;
  readonly onReset: () => void;
}

/** Apply and Reset, below settings: nothing is stored before one says so. */
export function DraftButtons({ permission, changed, ready, pending, onReset }: DraftButtonsProps) {
  const { settings, words } = useText();
  const refusal = ready ? undefined : changed ? settings.notReady : settings.unchanged;
  return (
    <div className="flex flex-wrap justify-end gap-2">
      {changed && <Button onClick={onReset}>{words.reset}</Button>}
      <ActionButton
        permission={permission}
        type="submit"
        tone="primary"
        refusal={refusal}
        pending={pending}
      >
        {words.apply}
      </ActionButton>
    </div>
  );
}
