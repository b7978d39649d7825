import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icons.ts";

const tones = {
  note: "border-line bg-raised text-ink",
  warning: "border-warning bg-warning-tint text-warning",
  danger: "border-danger bg-danger-tint text-danger",
} as const;

const icons: Readonly<Record<keyof typeof tones, IconName>> = {
  note: "info",
  warning: "warning",
  danger: "warning",
};

interface CalloutProps {
  readonly tone?: keyof typeof tones;
  readonly title: ReactNode;
  readonly children?: ReactNode;
  /** A button or a link at the end. */
  readonly action?: ReactNode;
}

/** Something to know before the rest of the page. */
export function Callout({ tone = "note", title, children, action }: CalloutProps) {
  return (
    <div className={`flex flex-wrap items-start gap-3 rounded-lg border px-4 py-3 ${tones[tone]}`}>
      <Icon name={icons[tone]} className="mt-0.5" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        {children !== undefined && <div className="mt-0.5 text-ink">{children}</div>}
      </div>
      {action}
    </div>
  );
}
