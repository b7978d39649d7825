import type { LogLine } from "../../../../src/core/log-line.ts";
import { useFormats, useText } from "../../text/text-context.tsx";

const tones = { info: "text-ink-soft", warn: "text-warning", error: "text-danger" } as const;

/** What a run logged, oldest first. */
export function LogLines({ lines }: { readonly lines: readonly LogLine[] }) {
  const { logs } = useText().job;
  const { time, utc } = useFormats();
  if (lines.length === 0) return <p className="mt-1 text-xs text-ink-soft">{logs.none}</p>;
  return (
    <section aria-label={logs.title} className="min-w-0">
      <h3 className="text-xs font-medium text-ink-soft">{logs.title}</h3>
      <ol className="mt-1 font-mono text-xs leading-5">
        {lines.map(({ at, level, message, fields }, index) => (
          <li key={index} className="flex gap-3">
            <time dateTime={new Date(at).toISOString()} title={utc(at)} className="text-ink-soft">
              {time(at)}
            </time>
            <span className={`w-14 shrink-0 ${tones[level]}`}>{logs.levels[level]}</span>
            <span className="min-w-0 wrap-anywhere whitespace-pre-wrap">
              <bdi>{message}</bdi>
              {Object.keys(fields).length > 0 && (
                <bdi className="ms-2 break-all text-ink-soft">{JSON.stringify(fields)}</bdi>
              )}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
