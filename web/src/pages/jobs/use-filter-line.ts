import { type KeyboardEvent, type RefObject, useState } from "react";
import { flushSync } from "react-dom";
import { type Offer, takeOffer } from "./filter-offers.ts";
import { type Offers, useOffers } from "./use-offers.ts";

/** The line in which a condition is written. */
export interface FilterLine {
  readonly draft: string;
  /** True when there is no condition yet. */
  readonly isFirst: boolean;
  readonly onDraft: (draft: string) => void;
  readonly onApply: (condition: string) => void;
  /** Backspace in an empty line. */
  readonly onBack: () => void;
}

/** What happens in the line: where the caret is, what is offered there, and what the keys do. */
export function useFilterLine(
  { draft, onDraft, onApply, onBack }: FilterLine,
  input: RefObject<HTMLInputElement | null>,
) {
  const [open, setOpen] = useState(false);
  const [caret, setCaret] = useState(0);
  const [active, setActive] = useState<number>();
  const offered = useOffers(draft, caret, open);
  const take = (offer: Offer) => {
    const { completion } = offered;
    if (completion === undefined) return;
    const taken = takeOffer(draft, completion, offer);
    setActive(undefined);
    if (offer.completes && taken.caret === taken.text.length) {
      setOpen(false);
      return onApply(taken.text);
    }
    // The caret can be set only where the text already is.
    flushSync(() => {
      onDraft(taken.text);
      setCaret(taken.caret);
    });
    input.current?.setSelectionRange(taken.caret, taken.caret);
  };
  return {
    offered,
    active,
    take,
    setOpen: (to: boolean) => {
      setOpen(to);
      setActive(undefined);
    },
    moveTo: (to: number) => {
      if (to !== caret) setActive(undefined);
      setCaret(to);
    },
    onKey: (event: KeyboardEvent) => {
      const apply = () => {
        setOpen(false);
        onApply(draft.trim());
      };
      lineKey(event, { draft, offered, active, setActive, take, apply, onBack, setOpen });
    },
  };
}

interface LineKeys {
  readonly draft: string;
  readonly offered: Offers;
  readonly active: number | undefined;
  readonly setActive: (to: number | undefined) => void;
  readonly take: (offer: Offer) => void;
  readonly apply: () => void;
  readonly onBack: () => void;
  readonly setOpen: (to: boolean) => void;
}

/** Arrows walk what is offered, Tab takes it, Enter takes what is chosen or applies what is written. */
function lineKey(event: KeyboardEvent, keys: LineKeys): void {
  const { draft, offered, active, setActive, take, apply, onBack, setOpen } = keys;
  const { offers } = offered;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const chosen = active === undefined ? undefined : offers[active];
  // With Tab the first is meant, once something was written; in an empty line Tab goes on.
  const meant = chosen ?? (draft === "" ? undefined : offers[0]);
  if (step !== undefined && offers.length > 0) {
    const from = active ?? (step > 0 ? -1 : offers.length);
    setActive((from + step + offers.length) % offers.length);
  } else if (step !== undefined) setOpen(true);
  else if (event.key === "Enter" && chosen === undefined) apply();
  else if (event.key === "Enter" && chosen !== undefined) take(chosen);
  else if (event.key === "Tab" && !event.shiftKey && meant !== undefined) take(meant);
  else if (event.key === "Escape" && offers.length > 0) setOpen(false);
  else if (event.key === "Backspace" && draft === "") onBack();
  else return;
  event.preventDefault();
}
