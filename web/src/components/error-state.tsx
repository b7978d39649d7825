import { ApiProblem } from "../api/api-problem.ts";
import { useText } from "../text/text-context.tsx";
import { Button } from "./button.tsx";
import { EmptyState } from "./empty-state.tsx";

interface ErrorStateProps {
  readonly error: Error;
  readonly onRetry?: () => void;
}

/** What stands where an answer should be, when there is none: what went wrong and what to do. */
export function ErrorState({ error, onRetry }: ErrorStateProps) {
  const { words } = useText();
  const problem = error instanceof ApiProblem ? error : undefined;
  return (
    <div role="alert">
      <EmptyState icon="warning" title={problem?.message ?? words.noAnswer}>
        <p>{problem?.detail ?? words.noAnswerDetail}</p>
        {problem !== undefined && <p className="mt-1 font-mono text-xs">{problem.code}</p>}
        {onRetry !== undefined && (
          <Button icon="retryable" onClick={onRetry} className="mt-4">
            {words.retry}
          </Button>
        )}
      </EmptyState>
    </div>
  );
}
