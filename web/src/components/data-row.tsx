import type { MouseEvent } from "react";
import { useLocation } from "wouter";
import { useText } from "../text/text-context.tsx";
import type { DataTableProps } from "./data-columns.ts";
import { SelectBox } from "./select-box.tsx";

interface DataRowProps<Row> {
  readonly row: Row;
  readonly table: DataTableProps<Row>;
}

/** One row of a table. */
export function DataRow<Row>({ row, table }: DataRowProps<Row>) {
  const { words } = useText();
  const [, navigate] = useLocation();
  const { columns, rowId, rowLink, selection } = table;
  const id = rowId(row);
  const link = rowLink?.(row);
  return (
    <tr
      tabIndex={-1}
      data-row={id}
      aria-selected={selection?.has(id)}
      className={link === undefined ? "" : "cursor-pointer"}
      onKeyDown={(event) => {
        const onRow = event.target === event.currentTarget;
        if (link !== undefined && onRow && event.key === "Enter") navigate(link);
      }}
      onClick={(event) => {
        if (link !== undefined && isPlainClick(event)) navigate(link);
      }}
    >
      {selection !== undefined && (
        <td data-select="">
          <SelectBox id={id} selection={selection} label={words.selectRow(id)} />
        </td>
      )}
      {columns.map(({ id: column, header, cell, align, className = "" }, index) => (
        <td
          key={column}
          data-label={header}
          data-lead={index === 0 ? "" : undefined}
          data-actions={column === "actions" ? "" : undefined}
          className={`${className} ${align === "end" ? "at-end" : ""}`}
        >
          {cell(row)}
        </td>
      ))}
    </tr>
  );
}

/** True for a click on the row itself: what can be pressed in it acts by itself, and text can be selected. */
function isPlainClick(event: MouseEvent<HTMLElement>): boolean {
  const { target, currentTarget } = event;
  if (!(target instanceof Element) || event.ctrlKey || event.metaKey || event.shiftKey)
    return false;
  if (window.getSelection()?.isCollapsed === false) return false;
  const pressed = target.closest("a, button, input, label, select, summary, [role=menu]");
  return pressed === null || !currentTarget.contains(pressed);
}
