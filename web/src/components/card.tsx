import { type ReactNode, useId } from "react";
import { classNames } from "./class-names.ts";

interface CardProps {
  readonly title?: ReactNode;
  /** Stands at the end of the title's line. */
  readonly aside?: ReactNode;
  /** True for content that brings its own edges, such as a table. */
  readonly flush?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A part of a page, with a title. */
export function Card({ title, aside, flush = false, className, children }: CardProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={title === undefined ? undefined : id}
      className={classNames(
        "min-w-0 rounded-lg border border-line bg-surface shadow-low",
        className,
      )}
    >
      {title !== undefined && (
        <div className="flex min-h-11 flex-wrap items-center justify-between gap-2 px-4 pt-2">
          <h2 id={id} className="font-semibold">
            {title}
          </h2>
          {aside}
        </div>
      )}
      <div className={flush ? "" : title === undefined ? "p-4" : "px-4 pt-2 pb-4"}>{children}</div>
    </section>
  );
}
