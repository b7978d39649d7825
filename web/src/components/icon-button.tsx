import { Button, type ButtonProps } from "./button.tsx";
import type { IconName } from "./icons.ts";

interface IconButtonProps extends Omit<ButtonProps, "children" | "icon" | "title" | "square"> {
  readonly icon: IconName;
  /** What it does, for those who see no drawing and for those who rest on it. */
  readonly label: string;
}

/** A button without a word on it. */
export function IconButton({ label, tone = "quiet", ...rest }: IconButtonProps) {
  return <Button {...rest} square tone={tone} title={label} aria-label={label} />;
}
