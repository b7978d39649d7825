import { useProblemText, useText } from "../text/text-context.tsx";
import { Button } from "./button.tsx";
import { EmptyState } from "./empty-state.tsx";
import { ServerWord } from "./server-word.tsx";

interface ErrorStateProps {
  readonly error: Error;
  readonly onRetry?: () => void;
}

/** What stands where an answer should be, when there is none: what went wrong and what to do. */
export function ErrorState({ error, onRetry }: ErrorStateProps) {
  const { words } = useText();
  const { title, fix, detail, code } = useProblemText()(error);
  return (
    <div role="alert">
      <EmptyState icon="warning" title={title}>
        {fix !== undefined && <p>{fix}</p>}
        <ServerWord text={detail} isForeign={fix !== undefined} />
        {code !== undefined && <p className="mt-1 font-mono text-xs">{code}</p>}
        {onRetry !== undefined && (
          <Button icon="retryable" onClick={onRetry} className="mt-4">
            {words.retry}
          </Button>
        )}
      </EmptyState>
    </div>
  );
}
