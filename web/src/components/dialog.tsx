import { type ReactNode, useEffect, useId, useRef } from "react";
import { useText } from "../text/text-context.tsx";
import { IconButton } from "./icon-button.tsx";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** True for a wide one. */
  readonly wide?: boolean;
}

/** A window over the page. The browser keeps focus in it and closes it with Escape. */
export function Dialog({ title, onClose, children, wide = false }: DialogProps) {
  const { shell } = useText();
  const id = useId();
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      aria-labelledby={id}
      // The event comes late: React's strict mode opens the dialog again before it.
      onClose={() => element.current?.open !== true && onClose()}
      onPointerDown={(event) => event.target === element.current && onClose()}
      className={`w-[calc(100%-2rem)] rounded-xl border border-line bg-surface p-0 shadow-high ${wide ? "max-w-3xl" : "max-w-lg"}`}
    >
      <div className="flex items-start justify-between gap-4 px-5 pt-4">
        <h2 id={id} className="text-base font-semibold">
          {title}
        </h2>
        <IconButton icon="close" label={shell.close} onClick={onClose} className="-me-2 -mt-1" />
      </div>
      <div className="px-5 pt-2 pb-5">{children}</div>
    </dialog>
  );
}
