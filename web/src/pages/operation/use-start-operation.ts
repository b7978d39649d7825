import { useLocation } from "wouter";
import type { OperationBody, OperationRow } from "../../../../src/dashboard/wire/operations.ts";
import { useAction } from "../../api/use-action.ts";
import { useText } from "../../text/text-context.tsx";

/** Begins an operation and goes to where its progress is seen. */
export function useStartOperation(onStarted: () => void) {
  const { bulk } = useText().operations;
  const { run, pending } = useAction();
  const [, navigate] = useLocation();
  const start = async (body: OperationBody) => {
    const operation = await run<OperationRow>({
      path: "operations",
      body,
      topics: ["operations", "jobs"],
      done: bulk.started,
    });
    if (operation === undefined) return;
    onStarted();
    navigate(`/operations/${operation.id}`);
  };
  return { start, pending };
}
