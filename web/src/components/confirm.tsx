import { createContext, type ReactNode, use, useCallback, useState } from "react";
import { useText } from "../text/text-context.tsx";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";

export interface Question {
  /** `Cancel 48,213 jobs?`: what and how many. */
  readonly title: string;
  /** What happens then, and whether it can be taken back. */
  readonly effect: ReactNode;
  /** The word on the button that does it, such as `Cancel 48,213 jobs`. */
  readonly action: string;
  /** True for what cannot be taken back. */
  readonly dangerous?: boolean;
}

type Ask = (question: Question) => Promise<boolean>;

const Context = createContext<Ask | undefined>(undefined);

interface Asked extends Question {
  readonly answer: (sure: boolean) => void;
}

/** Lets everything below it ask before it acts. */
export function ConfirmProvider({ children }: { readonly children: ReactNode }) {
  const [asked, setAsked] = useState<Asked>();
  const ask = useCallback<Ask>(
    (question) =>
      new Promise((resolve) => {
        const answer = (sure: boolean) => {
          setAsked(undefined);
          resolve(sure);
        };
        setAsked({ ...question, answer });
      }),
    [],
  );
  return (
    <Context value={ask}>
      {children}
      {asked !== undefined && <ConfirmDialog asked={asked} />}
    </Context>
  );
}

function ConfirmDialog({ asked }: { readonly asked: Asked }) {
  const { words } = useText();
  const { title, effect, action, dangerous = false, answer } = asked;
  return (
    <Dialog title={title} onClose={() => answer(false)}>
      <div className="text-ink-soft">{effect}</div>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button onClick={() => answer(false)}>{words.cancel}</Button>
        <Button tone={dangerous ? "dangerous" : "primary"} onClick={() => answer(true)}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}

/** Asks in a dialog; resolves to true when the reader is sure. */
export function useConfirm(): Ask {
  const ask = use(Context);
  if (ask === undefined) throw new Error("outside of ConfirmProvider");
  return ask;
}
