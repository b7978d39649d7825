import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icons.ts";

interface EmptyStateProps {
  readonly icon?: IconName;
  readonly title: string;
  /** Why there is nothing, or what to do. */
  readonly children?: ReactNode;
}

/** What stands where nothing is. */
export function EmptyState({ icon = "info", title, children }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center gap-2 px-4 py-10 text-center">
      <span className="rounded-full bg-raised p-3 text-ink-soft">
        <Icon name={icon} size={20} />
      </span>
      <p className="font-medium">{title}</p>
      {children !== undefined && <div className="max-w-prose text-ink-soft">{children}</div>}
    </div>
  );
}
