import { useNow } from "../live/clock.ts";
import { useFormats } from "../text/text-context.tsx";

interface DurationProps {
  /** Milliseconds; nothing is shown for `null`. */
  readonly ms: number | null | undefined;
}

/** A length of time, in its two greatest units. */
export function Duration({ ms }: DurationProps) {
  const { duration } = useFormats();
  if (ms === null || ms === undefined) return <span className="text-ink-soft">–</span>;
  return <span className="whitespace-nowrap">{duration(ms)}</span>;
}

/** The length of time since an instant, counting on by itself second by second; in the first it says that this is now. */
export function Elapsed({ since }: { readonly since: number }) {
  const { relative } = useFormats();
  const now = useNow();
  const seconds = Math.floor((now - since) / 1_000);
  return seconds < 1 ? relative(now, now) : <Duration ms={seconds * 1_000} />;
}
