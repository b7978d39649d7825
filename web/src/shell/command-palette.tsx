import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { QueuesAnswer } from "../../../src/dashboard/wire/queues.ts";
import type { SchedulesAnswer } from "../../../src/dashboard/wire/schedules.ts";
import { useResource } from "../api/use-resource.ts";
import { Icon } from "../components/icon.tsx";
import { useCommands } from "../keys/shortcuts.tsx";
import { useText } from "../text/text-context.tsx";
import { readViews } from "../pages/jobs/view-store.ts";
import { PaletteList } from "./palette-list.tsx";
import { type PaletteEntry, paletteEntries } from "./palette-entries.ts";

/** A field that leads anywhere: pages, jobs by number, queues, schedules, and what can be done. */
export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  const { palette } = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  const [written, write] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const entries = useEntries(written);
  useEffect(() => dialog.current?.showModal(), []);
  const run = (entry: PaletteEntry) => {
    onClose();
    entry.run();
  };
  return (
    <dialog
      ref={dialog}
      aria-label={palette.title}
      onClose={onClose}
      onPointerDown={(event) => event.target === dialog.current && onClose()}
      className="mt-[12vh] w-[calc(100%-2rem)] max-w-xl rounded-xl border border-line bg-surface p-0 shadow-high"
    >
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Icon name="search" className="text-ink-soft" />
        <input
          role="combobox"
          aria-label={palette.title}
          aria-expanded="true"
          aria-controls={list}
          aria-activedescendant={entries.length > 0 ? `${list}${at}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder={palette.placeholder}
          value={written}
          onChange={(event) => {
            write(event.target.value);
            setAt(0);
          }}
          onKeyDown={(event) => onKey(event, { entries, at, setAt, run })}
          className="h-12 w-full bg-transparent text-base outline-none placeholder:text-ink-soft"
        />
      </div>
      <PaletteList id={list} entries={entries} at={at} onRun={run} />
    </dialog>
  );
}

function useEntries(written: string): readonly PaletteEntry[] {
  const text = useText();
  const [, navigate] = useLocation();
  const queues = useResource<QueuesAnswer>("queues", "queues").data?.queues ?? [];
  const schedules = useResource<SchedulesAnswer>("schedules", "schedules").data?.schedules ?? [];
  return paletteEntries(written, {
    text,
    queues: queues.map(({ name }) => name),
    schedules: schedules.map(({ name }) => name),
    views: useMemo(() => readViews(), []),
    commands: useCommands(),
    navigate,
  });
}

interface Walk {
  readonly entries: readonly PaletteEntry[];
  readonly at: number;
  readonly setAt: (at: number) => void;
  readonly run: (entry: PaletteEntry) => void;
}

function onKey(event: KeyboardEvent<HTMLInputElement>, { entries, at, setAt, run }: Walk): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const entry = entries[at];
  if (step !== undefined && entries.length > 0) {
    setAt((at + step + entries.length) % entries.length);
  } else if (event.key === "Enter" && entry !== undefined && !event.nativeEvent.isComposing) {
    run(entry);
  } else {
    return;
  }
  event.preventDefault();
}
