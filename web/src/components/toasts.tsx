import { createContext, type ReactNode, use, useCallback, useMemo, useRef, useState } from "react";
import { useProblemText } from "../text/text-context.tsx";
import type { Toast } from "./toast.ts";
import { ToastStack } from "./toast-stack.tsx";

interface Toasts {
  /** Says that something was done, for some seconds. */
  readonly show: (toast: Pick<Toast, "text" | "detail" | "undo">) => void;
  /** Says why something was not done, until it is dismissed. */
  readonly showError: (error: unknown) => void;
}

const Context = createContext<Toasts | undefined>(undefined);

/** As many as one can read. */
const most = 4;

/** Shows short messages over the page. */
export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const say = useProblemText();
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const nextId = useRef(0);
  const dismiss = useCallback((id: number) => {
    setToasts((all) => all.filter((toast) => toast.id !== id));
  }, []);
  const value = useMemo((): Toasts => {
    const add = (toast: Omit<Toast, "id">) => {
      const id = nextId.current++;
      setToasts((all) => [...all.slice(1 - most), { ...toast, id }]);
    };
    return {
      show: (toast) => add({ ...toast, tone: "done" }),
      showError: (error) => {
        const { title, fix, detail } = say(error);
        const told = fix === undefined ? { detail } : { detail: fix, foreign: detail };
        add({ text: title, ...told, tone: "failed" });
      },
    };
  }, [say]);
  return (
    <Context value={value}>
      {children}
      <ToastStack toasts={toasts} onDismiss={dismiss} />
    </Context>
  );
}

/** Short messages over the page. */
export function useToasts(): Toasts {
  const toasts = use(Context);
  if (toasts === undefined) throw new Error("outside of ToastProvider");
  return toasts;
}
