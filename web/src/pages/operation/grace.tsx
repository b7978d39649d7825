import { useEffect, useRef, useState } from "react";
import { Button } from "../../components/button.tsx";
import { useText } from "../../text/text-context.tsx";

const seconds = 5;

interface GraceProps {
  readonly onBegin: () => void;
  readonly onUndo: () => void;
}

/** Some seconds before something begins, in which it can be taken back. */
export function Grace({ onBegin, onUndo }: GraceProps) {
  const { operations, words } = useText();
  const [left, setLeft] = useState(seconds);
  const undo = useRef<HTMLButtonElement>(null);
  const begin = useRef(onBegin);
  // Whoever hesitates presses Enter: that must take it back, not begin it.
  useEffect(() => undo.current?.focus(), []);
  useEffect(() => {
    begin.current = onBegin;
  });
  useEffect(() => {
    const timer = setTimeout(() => {
      if (left > 1) setLeft(left - 1);
      else begin.current();
    }, 1_000);
    return () => clearTimeout(timer);
  }, [left]);
  return (
    <div className="grid gap-4">
      <div role="status">
        <p className="text-lg font-semibold tabular-nums">{operations.bulk.beginsIn(left)}</p>
        <p className="text-ink-soft">{operations.bulk.beginsText}</p>
      </div>
      <div aria-hidden="true" className="h-1.5 overflow-hidden rounded-full bg-raised">
        <div
          className="h-full rounded-full bg-accent transition-[width] duration-1000 ease-linear"
          style={{ width: `${((left - 1) / seconds) * 100}%` }}
        />
      </div>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onBegin}>{operations.bulk.beginNow}</Button>
        <Button ref={undo} tone="primary" icon="undo" onClick={onUndo}>
          {words.undo}
        </Button>
      </div>
    </div>
  );
}
