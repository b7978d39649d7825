import { type ReactNode, useState } from "react";
import { Icon } from "./icon.tsx";

interface PanelProps {
  readonly title: ReactNode;
  /** Stands at the end of the title's line, also while it is closed. */
  readonly aside?: ReactNode;
  /** Whether it is open at first; default true. */
  readonly open?: boolean;
  /** True for content that brings its own edges, such as a table. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

/** A card to open and close. What is in it is made when it is first opened. */
export function Panel({ title, aside, open = true, flush = false, children }: PanelProps) {
  const [seen, setSeen] = useState(open);
  return (
    <details
      open={open}
      onToggle={(event) => setSeen(seen || event.currentTarget.open)}
      className="group min-w-0 rounded-lg border border-line bg-surface shadow-low"
    >
      <summary className="flex min-h-11 list-none flex-wrap items-center gap-2 rounded-lg px-4 py-2 hover:bg-raised [&::-webkit-details-marker]:hidden">
        <Icon name="chevronRight" className="transition-transform group-open:rotate-90" />
        <h2 className="flex-1 font-semibold">{title}</h2>
        {aside}
      </summary>
      {seen && (
        <div className={flush ? "border-t border-line" : "border-t border-line p-4"}>
          {children}
        </div>
      )}
    </details>
  );
}
