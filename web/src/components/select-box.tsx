import { useRef } from "react";
import type { Selection } from "./selection.ts";

const look = "size-4 cursor-pointer rounded accent-accent align-middle";

interface SelectBoxProps {
  readonly id: string;
  readonly selection: Selection;
  readonly label: string;
}

/** Selects a row; with Shift, all from the row pressed before. */
export function SelectBox({ id, selection, label }: SelectBoxProps) {
  const shift = useRef(false);
  return (
    <input
      type="checkbox"
      aria-label={label}
      className={look}
      checked={selection.has(id)}
      onClick={(event) => {
        shift.current = event.shiftKey;
      }}
      onChange={() => (shift.current ? selection.toggleTo(id) : selection.toggle(id))}
    />
  );
}

interface SelectAllProps {
  readonly ids: readonly string[];
  readonly selection: Selection;
  readonly label: string;
}

/** Selects all rows of the page, or none when all are. */
export function SelectAll({ ids, selection, label }: SelectAllProps) {
  const chosen = ids.filter((id) => selection.has(id)).length;
  const all = chosen === ids.length && chosen > 0;
  return (
    <label className="flex items-center gap-3">
      <input
        type="checkbox"
        className={look}
        checked={all}
        ref={(box) => {
          if (box !== null) box.indeterminate = chosen > 0 && !all;
        }}
        onChange={() => selection.replace(all ? [] : ids)}
      />
      <span className="sm:sr-only">{label}</span>
    </label>
  );
}
