import { useConnection } from "../live/use-connection.ts";
import { useText } from "../text/text-context.tsx";

const colors = {
  connecting: "bg-cancelled",
  live: "bg-completed",
  polling: "bg-retryable",
  offline: "bg-discarded",
} as const;

/** How changes reach this page. */
export function ConnectionDot() {
  const { connection } = useText().shell;
  const mode = useConnection();
  if (mode === "idle") return null;
  return (
    <span
      role="status"
      title={connection[`${mode}Title`]}
      className="flex items-center gap-1.5 px-2 text-xs text-ink-soft"
    >
      <span aria-hidden="true" className={`size-2 rounded-full ${colors[mode]}`} />
      <span className="max-sm:sr-only">{connection[mode]}</span>
    </span>
  );
}
