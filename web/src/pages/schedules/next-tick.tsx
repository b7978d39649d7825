import { RelativeTime } from "../../components/relative-time.tsx";
import { useNow } from "../../live/clock.ts";

/** Later than this it is not just about to be fired. */
const overdueMs = 10_000;

/** When a schedule ticks next; one that should have ticked already stands out. */
export function NextTick({ at }: { readonly at: number | null }) {
  const now = useNow();
  if (at === null) return <span className="text-ink-soft">–</span>;
  return (
    <span className={now - at > overdueMs ? "text-danger" : ""}>
      <RelativeTime at={at} />
    </span>
  );
}
