import { type ReactNode, useEffect } from "react";
import { Link } from "wouter";
import { useSession } from "../api/session.ts";
import { Icon } from "./icon.tsx";

interface PageHeaderProps {
  /** Stands in the tab of the browser as well. */
  readonly title: string;
  /** Stands in place of the title on the page. */
  readonly heading?: ReactNode;
  /** The page this one belongs to. */
  readonly parent?: { readonly to: string; readonly title: string };
  /** Chips beside the title. */
  readonly marks?: ReactNode;
  /** Buttons at the end. */
  readonly children?: ReactNode;
}

/** The first line of a page: where one is, and what can be done. */
export function PageHeader({ title, heading, parent, marks, children }: PageHeaderProps) {
  const environment = useSession()?.environment?.name;
  useEffect(() => {
    document.title = [title, environment, "Holdfast"].filter(Boolean).join(" · ");
  }, [title, environment]);
  return (
    <header className="mb-4 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
        {parent !== undefined && (
          <Link
            href={parent.to}
            aria-label={parent.title}
            title={parent.title}
            className="-ms-2 rounded-md p-2 text-ink-soft hover:bg-raised hover:text-ink"
          >
            <Icon name="arrowLeft" />
          </Link>
        )}
        <h1 className="min-w-0 text-xl font-semibold wrap-anywhere">{heading ?? title}</h1>
        {marks}
      </div>
      {children !== undefined && <div className="flex flex-wrap gap-2">{children}</div>}
    </header>
  );
}
