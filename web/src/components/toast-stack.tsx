import { useEffect, useRef } from "react";
import type { Toast } from "./toast.ts";
import { ToastView } from "./toast-view.tsx";

interface ToastStackProps {
  readonly toasts: readonly Toast[];
  readonly onDismiss: (id: number) => void;
}

/** Short messages over everything else on the page, an open dialog too: a popover shown after it is above it. */
export function ToastStack({ toasts, onDismiss }: ToastStackProps) {
  const stack = useRef<HTMLDivElement>(null);
  const newest = toasts.at(-1)?.id;
  useEffect(() => {
    const shown = stack.current;
    if (shown === null) return;
    // Only where it matters: a screen reader tells of changes in what is shown already.
    if (document.querySelector("dialog[open]") !== null) shown.hidePopover();
    if (!shown.matches(":popover-open")) shown.showPopover();
  }, [newest]);
  return (
    <div
      ref={stack}
      role="status"
      popover="manual"
      className="pointer-events-none fixed inset-x-4 top-auto bottom-4 z-50 flex w-auto flex-col items-end gap-2 overflow-visible bg-transparent text-ink"
    >
      {toasts.map((toast) => (
        <ToastView key={toast.id} toast={toast} onDismiss={onDismiss} />
      ))}
    </div>
  );
}
