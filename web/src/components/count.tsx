import type { Counted } from "../../../src/dashboard/wire/jobs.ts";
import { useFormats, useText } from "../text/text-context.tsx";

/** A number with the reader's separators; `10,000+` where counting stopped. */
export function Count({ value }: { readonly value: number | Counted }) {
  const { number } = useFormats();
  const { words } = useText();
  const { count, atLeast } = typeof value === "number" ? { count: value, atLeast: false } : value;
  if (!atLeast) return <span>{number(count)}</span>;
  return (
    <span title={words.atLeast(number(count))}>
      <span aria-hidden="true">{number(count)}+</span>
      <span className="sr-only">{words.atLeast(number(count))}</span>
    </span>
  );
}
