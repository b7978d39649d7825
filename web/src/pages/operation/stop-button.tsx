import type { OperationRow } from "../../../../src/dashboard/wire/operations.ts";
import { useAction } from "../../api/use-action.ts";
import { ActionButton } from "../../components/action-button.tsx";
import { useConfirm } from "../../components/confirm.tsx";
import { useText } from "../../text/text-context.tsx";
import { actionPermissions } from "./action-permissions.ts";

/** Stops an operation that runs. */
export function StopButton({ operation }: { readonly operation: OperationRow }) {
  const { stop } = useText().operations;
  const { run, pending } = useAction();
  const confirm = useConfirm();
  const { id, action, state } = operation;
  const press = async () => {
    const { title, effect, confirm: word } = stop;
    if (!(await confirm({ title, effect, action: word }))) return;
    await run({
      path: `operations/${id}/cancel`,
      topics: [`operation:${id}`, "operations"],
      done: stop.done,
    });
  };
  return (
    <ActionButton
      permission={actionPermissions[action]}
      icon="cancelled"
      refusal={state === "running" ? undefined : stop.over}
      pending={pending}
      onClick={() => void press()}
    >
      {stop.action}
    </ActionButton>
  );
}
