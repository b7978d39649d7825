import type { WorkerRow } from "../../../../src/dashboard/wire/workers.ts";
import { useAction } from "../../api/use-action.ts";
import { ActionButton } from "../../components/action-button.tsx";
import { useConfirm } from "../../components/confirm.tsx";
import { useText } from "../../text/text-context.tsx";

interface DrainButtonProps {
  readonly worker: Pick<WorkerRow, "id" | "host" | "state" | "report">;
}

/** Lets a worker finish what it has and stop, after asking. */
export function DrainButton({ worker: { id, host, state, report } }: DrainButtonProps) {
  const { workers } = useText();
  const confirm = useConfirm();
  const { run, pending } = useAction();
  const drain = async () => {
    const sure = await confirm({
      title: workers.drainTitle(host),
      effect: workers.drainEffect(report?.running ?? 0),
      action: workers.drain,
      dangerous: true,
    });
    if (!sure) return;
    const path = `workers/${encodeURIComponent(id)}/drain`;
    await run({ path, topics: ["workers", "overview"], done: workers.drained(host) });
  };
  return (
    <ActionButton
      permission="workers:drain"
      icon="drain"
      aria-label={workers.drainOne(host)}
      refusal={state === "draining" ? workers.drainsAlready : undefined}
      pending={pending}
      onClick={() => void drain()}
    >
      {workers.drain}
    </ActionButton>
  );
}
