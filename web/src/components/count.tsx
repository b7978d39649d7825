import type { Counted } from "../../../src/dashboard/wire/jobs.ts";
import { useFormats, useText } from "../text/text-context.tsx";

interface CountProps {
  readonly value: number | Counted;
  /** True where there is no room for all digits: `48K`. */
  readonly compact?: boolean;
}

/** A number with the reader's separators; `10,000+` where counting stopped. */
export function Count({ value, compact = false }: CountProps) {
  const formats = useFormats();
  const number = compact ? formats.compact : formats.number;
  const { words } = useText();
  const { count, atLeast } = typeof value === "number" ? { count: value, atLeast: false } : value;
  // What is nothing steps back, so that the eye finds what is something.
  if (!atLeast) return <span className={count === 0 ? "text-ink-soft" : ""}>{number(count)}</span>;
  return (
    <span title={words.atLeast(number(count))}>
      <span aria-hidden="true">{number(count)}+</span>
      <span className="sr-only">{words.atLeast(number(count))}</span>
    </span>
  );
}
