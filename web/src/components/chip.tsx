import type { ReactNode } from "react";
import { useText } from "../text/text-context.tsx";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icons.ts";

const tones = {
  plain: "bg-raised text-ink",
  accent: "bg-accent-tint text-accent",
  warning: "bg-warning-tint text-warning",
  danger: "bg-danger-tint text-danger",
} as const;

interface ChipProps {
  readonly children: ReactNode;
  readonly icon?: IconName;
  readonly tone?: keyof typeof tones;
  readonly title?: string;
  /** Makes it removable. */
  readonly onRemove?: () => void;
}

/** A short word that belongs to something: a tag, a warning, a part of a filter. */
export function Chip({ children, icon, tone = "plain", title, onRemove }: ChipProps) {
  const { words } = useText();
  return (
    <span
      title={title}
      className={`inline-flex max-w-full items-center gap-1 rounded-md px-1.5 py-0.5 text-xs ${tones[tone]}`}
    >
      {icon !== undefined && <Icon name={icon} size={12} />}
      <span className="truncate">{children}</span>
      {onRemove !== undefined && (
        <button
          type="button"
          aria-label={words.dismiss}
          onClick={onRemove}
          className="-me-0.5 rounded p-0.5 hover:bg-line"
        >
          <Icon name="close" size={10} />
        </button>
      )}
    </span>
  );
}
