import { useEffect, useRef } from "react";
import { useLocation } from "wouter";
import { Button } from "../components/button.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { useText } from "../text/text-context.tsx";

interface BrokenPageProps {
  readonly error: Error;
  /** Called when the reader goes to another page. */
  readonly onLeave: () => void;
}

/** What stands where a page broke: often a newer version of the dashboard has taken its files away. */
export function BrokenPage({ error, onLeave }: BrokenPageProps) {
  const { shell, words } = useText();
  const [path] = useLocation();
  const first = useRef(path);
  useEffect(() => {
    if (path !== first.current) onLeave();
  }, [path, onLeave]);
  return (
    <div role="alert">
      <EmptyState icon="warning" title={shell.broken.title}>
        <p>{shell.broken.text}</p>
        <p className="mt-1 font-mono text-xs">{error.message}</p>
        <Button icon="retryable" className="mt-4" onClick={() => location.reload()}>
          {words.retry}
        </Button>
      </EmptyState>
    </div>
  );
}
