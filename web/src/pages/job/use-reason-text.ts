import { useMemo } from "react";
import type { ExplainedReason } from "../../../../src/core/explain.ts";
import { useNow } from "../../live/clock.ts";
import { oneFullStop } from "../../format/one-full-stop.ts";
import { useFormats, useText } from "../../text/text-context.tsx";
import type { ReasonWords, Say } from "../../text/reason-words.ts";

/** Named at most so many of many. */
const named = 3;

/** A reason as a sentence in the reader's language; one the page does not know as the server says it. */
export function useReasonText(reason: ExplainedReason): string {
  const { reasons } = useText();
  const formats = useFormats();
  const now = useNow();
  const lists = useMemo(() => new Intl.ListFormat(formats.locale), [formats.locale]);
  const say: Say = {
    relative: (at) => formats.relative(at, now),
    isPast: (at) => at <= now,
    duration: formats.duration,
    number: formats.number,
    list: (texts) => {
      const more = texts.length - named;
      return lists.format(more > 0 ? [...texts.slice(0, named), `+${more}`] : texts);
    },
  };
  const words: Partial<ReasonWords> = reasons;
  // The kind chooses the words for just this kind of reason, which types cannot follow.
  const write = words[reason.kind] as ((reason: unknown, say: Say) => string) | undefined;
  return write === undefined ? reason.text : oneFullStop(write(reason, say));
}
