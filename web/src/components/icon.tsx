import { type IconName, icons } from "./icons.ts";

interface IconProps {
  readonly name: IconName;
  /** Edge length in pixels; default 16. */
  readonly size?: number;
  readonly className?: string;
}

/** A drawing beside a word. It says nothing to screen readers: the word does. */
export function Icon({ name, size = 16, className }: IconProps) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      className={`shrink-0 ${className ?? ""}`}
    >
      <path d={icons[name]} />
    </svg>
  );
}
