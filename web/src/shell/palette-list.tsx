import { useEffect, useRef } from "react";
import { KeyCaps } from "../components/key-caps.tsx";
import { useText } from "../text/text-context.tsx";
import type { PaletteEntry } from "./palette-entries.ts";

interface PaletteListProps {
  readonly id: string;
  readonly entries: readonly PaletteEntry[];
  readonly at: number;
  readonly onRun: (entry: PaletteEntry) => void;
}

/** What the palette offers, each group under its heading. */
export function PaletteList({ id, entries, at, onRun }: PaletteListProps) {
  const { palette } = useText();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at, entries]);
  return (
    <div
      ref={box}
      id={id}
      role="listbox"
      tabIndex={-1}
      aria-label={palette.title}
      className="max-h-[50vh] overflow-y-auto p-2"
    >
      {entries.length === 0 && <p className="p-3 text-ink-soft">{palette.nothing}</p>}
      {entries.map((entry, index) => (
        <div key={entry.id} role="presentation">
          {entry.group !== entries[index - 1]?.group && (
            <p role="presentation" className="px-2 pt-2 pb-1 text-xs font-semibold text-ink-soft">
              {entry.group}
            </p>
          )}
          <button
            type="button"
            role="option"
            id={`${id}${index}`}
            aria-selected={index === at}
            tabIndex={-1}
            onClick={() => onRun(entry)}
            className="flex w-full items-center justify-between gap-4 rounded-md px-2 py-1.5 text-start hover:bg-raised aria-selected:bg-accent-tint aria-selected:text-accent"
          >
            <span className="truncate">{entry.label}</span>
            {entry.keys !== undefined && <KeyCaps keys={entry.keys} />}
          </button>
        </div>
      ))}
    </div>
  );
}
