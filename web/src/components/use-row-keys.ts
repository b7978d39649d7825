import { type RefObject, useRef } from "react";
import { useLocation } from "wouter";
import { useShortcut } from "../keys/shortcuts.tsx";
import { useText } from "../text/text-context.tsx";
import type { DataTableProps } from "./data-columns.ts";

/** Walks a table's rows by keys: j and k move, x selects, Enter or o opens. */
export function useRowKeys<Row>(
  table: DataTableProps<Row>,
): RefObject<HTMLTableSectionElement | null> {
  const { keys } = useText();
  const [, navigate] = useLocation();
  const body = useRef<HTMLTableSectionElement>(null);
  const { rows, rowId, rowLink, selection } = table;
  const chosen = () => body.current?.querySelector<HTMLElement>("tr:focus")?.dataset["row"];
  const move = (step: number) => {
    const at = rows.findIndex((row) => rowId(row) === chosen());
    const to = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step));
    body.current?.querySelectorAll<HTMLElement>("tr")[to]?.focus();
  };
  useShortcut({ keys: "j", label: keys.nextRow }, () => move(1));
  useShortcut({ keys: "k", label: keys.previousRow }, () => move(-1));
  useShortcut({ keys: "x", label: keys.selectRow }, () => {
    const id = chosen();
    if (id !== undefined) selection?.toggle(id);
  });
  useShortcut({ keys: "o", label: keys.openRow }, () => {
    const row = rows.find((each) => rowId(each) === chosen());
    const link = row === undefined ? undefined : rowLink?.(row);
    if (link !== undefined) navigate(link);
  });
  return body;
}
