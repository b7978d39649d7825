import { useEffect, useState } from "react";
import { useText } from "../text/text-context.tsx";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";
import { IconButton } from "./icon-button.tsx";
import { ServerWord } from "./server-word.tsx";
import type { Toast } from "./toast.ts";

const showMs = 6_000;

interface ToastViewProps {
  readonly toast: Toast;
  readonly onDismiss: (id: number) => void;
}

/** One short message. It stays while the mouse or the keyboard is on it. */
export function ToastView({ toast, onDismiss }: ToastViewProps) {
  const { words } = useText();
  const [held, setHeld] = useState(false);
  const { id, text, detail = "", foreign = "", tone, undo } = toast;
  const goes = tone === "done" && !held;
  useEffect(() => {
    if (!goes) return undefined;
    const timer = setTimeout(() => onDismiss(id), showMs);
    return () => clearTimeout(timer);
  }, [goes, id, onDismiss]);
  const hold = (on: boolean) => () => setHeld(on);
  return (
    <div
      onPointerEnter={hold(true)}
      onPointerLeave={hold(false)}
      onFocus={hold(true)}
      onBlur={hold(false)}
      className="pointer-events-auto flex max-w-md items-start gap-3 rounded-lg border border-line bg-surface p-3 shadow-high"
    >
      <Icon
        name={tone === "done" ? "check" : "warning"}
        className={`mt-0.5 ${tone === "done" ? "text-completed" : "text-danger"}`}
      />
      <div className="min-w-0">
        <p className="font-medium">{text}</p>
        <ServerWord text={detail} isForeign={false} />
        <ServerWord text={foreign} isForeign={true} />
      </div>
      {undo !== undefined && (
        <Button
          icon="undo"
          className="-my-1"
          onClick={() => {
            onDismiss(id);
            undo();
          }}
        >
          {words.undo}
        </Button>
      )}
      <IconButton
        icon="close"
        label={words.dismiss}
        className="-my-1 -me-1"
        onClick={() => onDismiss(id)}
      />
    </div>
  );
}
