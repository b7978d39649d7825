import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { useText } from "../../text/text-context.tsx";
import { narrowest, type SidebarWidth, usual, widest } from "./use-sidebar-width.ts";

const step = 16;

/** The edge of the sidebar: it is dragged, or moved by the arrow keys, and back to where it was at first by a double click. */
export function SidebarGrip({ width: { px, set } }: { readonly width: SidebarWidth }) {
  const { jobs } = useText();
  const grabbed = useRef<{ readonly x: number; readonly px: number }>(undefined);
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    grabbed.current = { x: event.clientX, px };
  };
  const onPointerMove = (event: PointerEvent) => {
    const from = grabbed.current;
    if (from !== undefined) set(from.px + event.clientX - from.x);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Readonly<Record<string, number>> = { ArrowLeft: -step, ArrowRight: step };
    const by = moves[event.key];
    if (by === undefined) return;
    event.preventDefault();
    set(px + by);
  };
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={jobs.sidebar.width}
      aria-valuenow={px}
      aria-valuemin={narrowest}
      aria-valuemax={widest}
      tabIndex={0}
      title={jobs.sidebar.width}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => (grabbed.current = undefined)}
      onDoubleClick={() => set(usual)}
      onKeyDown={onKeyDown}
      className="absolute inset-y-0 -end-3 w-2 cursor-col-resize touch-none rounded-full hover:bg-line active:bg-line"
    />
  );
}
