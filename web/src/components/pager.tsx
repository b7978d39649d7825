import type { ReactNode } from "react";
import { useText } from "../text/text-context.tsx";
import { Button } from "./button.tsx";
import type { PageTrail } from "./page-trail.ts";

interface PagerProps {
  readonly trail: PageTrail;
  /** The key of the page after the one shown; `null` on the last. */
  readonly next: string | null;
  /** Told before another page is asked for. */
  readonly onTurn?: () => void;
  /** Stands between the two buttons, such as what was searched. */
  readonly children?: ReactNode;
}

/** Goes through a long list page by page, newest first. */
export function Pager({ trail, next, onTurn, children }: PagerProps) {
  const { words } = useText();
  const { isFirst, back, goOn } = trail;
  if (isFirst && next === null && children === undefined) return null;
  const turn = (go: () => void) => () => {
    onTurn?.();
    go();
  };
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 border-t border-line px-4 py-2">
      <Button disabled={isFirst} icon="arrowLeft" onClick={turn(back)}>
        {words.newer}
      </Button>
      <div className="text-ink-soft">{children}</div>
      <Button disabled={next === null} onClick={next === null ? undefined : turn(() => goOn(next))}>
        {words.older}
      </Button>
    </div>
  );
}
