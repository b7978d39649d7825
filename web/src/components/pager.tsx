import type { ReactNode } from "react";
import { useText } from "../text/text-context.tsx";
import { Button } from "./button.tsx";

interface PagerProps {
  /** Goes back; undefined on the first page. */
  readonly onNewer: (() => void) | undefined;
  /** Goes on; undefined on the last page. */
  readonly onOlder: (() => void) | undefined;
  /** Stands between the two, such as what was searched. */
  readonly children?: ReactNode;
}

/** Goes through a long list page by page, newest first. */
export function Pager({ onNewer, onOlder, children }: PagerProps) {
  const { words } = useText();
  if (onNewer === undefined && onOlder === undefined && children === undefined) return null;
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 border-t border-line px-4 py-2">
      <Button disabled={onNewer === undefined} icon="arrowLeft" onClick={onNewer}>
        {words.newer}
      </Button>
      <div className="text-ink-soft">{children}</div>
      <Button disabled={onOlder === undefined} onClick={onOlder}>
        {words.older}
      </Button>
    </div>
  );
}
