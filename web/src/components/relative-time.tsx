import { useNow } from "../live/clock.ts";
import { useFormats, useText } from "../text/text-context.tsx";

interface RelativeTimeProps {
  /** Milliseconds since the epoch; `null` for what never happened. */
  readonly at: number | null | undefined;
}

/** How long ago or ahead, counting on by itself; the exact time is its title. */
export function RelativeTime({ at }: RelativeTimeProps) {
  const { words } = useText();
  const formats = useFormats();
  const now = useNow();
  if (at === null || at === undefined) return <span className="text-ink-soft">{words.never}</span>;
  const title = `${formats.utc(at)}\n${formats.dateTime(at)} (${words.local})`;
  return (
    <time dateTime={new Date(at).toISOString()} title={title} className="whitespace-nowrap">
      {formats.relative(at, now)}
    </time>
  );
}
