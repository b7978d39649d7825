import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icons.ts";

const tones = {
  plain: "border-line bg-surface text-ink hover:bg-raised",
  primary: "border-transparent bg-accent text-accent-ink hover:opacity-90",
  danger: "border-line bg-surface text-danger hover:bg-danger-tint hover:border-danger",
  dangerous: "border-transparent bg-danger text-danger-ink hover:opacity-90",
  quiet: "border-transparent bg-transparent text-ink-soft hover:bg-raised hover:text-ink",
} as const;

export interface ButtonProps extends Omit<ComponentProps<"button">, "type"> {
  readonly tone?: keyof typeof tones;
  readonly icon?: IconName;
  readonly type?: "button" | "submit";
  /** Why it cannot be used now. It stays reachable, so that everybody can learn the reason. */
  readonly refusal?: string | undefined;
  /** What it does is under way. */
  readonly pending?: boolean;
  /** True for a drawing without a word. */
  readonly square?: boolean;
}

const shape =
  "inline-flex h-8 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap transition-colors aria-disabled:opacity-50 aria-disabled:cursor-not-allowed disabled:opacity-50";

/** Something to press. */
export function Button({
  tone = "plain",
  icon,
  type = "button",
  refusal,
  pending = false,
  square = false,
  title,
  onClick,
  className,
  children,
  ...rest
}: ButtonProps) {
  const off = refusal !== undefined || pending;
  return (
    <button
      {...rest}
      type={off ? "button" : type}
      title={refusal ?? title}
      aria-disabled={off || undefined}
      aria-busy={pending || undefined}
      onClick={off ? undefined : onClick}
      className={classNames(shape, square ? "w-8" : "px-3", tones[tone], className)}
    >
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}
