import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from "react";
import { useText } from "../../text/text-context.tsx";
import { type Offer, takeOffer } from "./filter-offers.ts";
import { OfferList, offerId } from "./offer-list.tsx";
import { type Offers, useOffers } from "./use-offers.ts";

interface FilterInputProps {
  readonly draft: string;
  /** True when there is no condition yet. */
  readonly isFirst: boolean;
  readonly onDraft: (draft: string) => void;
  readonly onApply: (condition: string) => void;
  /** Backspace in an empty line. */
  readonly onBack: () => void;
}

/** The line in which a condition is written, with what can be written offered below it. */
export function FilterInput(props: FilterInputProps) {
  const { draft, isFirst, onDraft } = props;
  const { filter } = useText();
  const id = useId();
  const line = useLine(props);
  const { offers } = line.offered;
  return (
    <>
      <input
        ref={line.input}
        type="search"
        role="combobox"
        aria-label={filter.label}
        aria-description={filter.help}
        aria-expanded={offers.length > 0}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={line.active === undefined ? undefined : offerId(id, line.active)}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        placeholder={isFirst ? filter.placeholder : filter.more}
        value={draft}
        onChange={({ target }) => {
          onDraft(target.value);
          line.moveTo(target.selectionStart ?? target.value.length);
        }}
        onSelect={({ currentTarget }) => line.moveTo(currentTarget.selectionStart ?? 0)}
        onFocus={() => line.setOpen(true)}
        onBlur={() => line.setOpen(false)}
        onKeyDown={line.onKey}
        className="h-7 min-w-32 flex-1 bg-transparent font-mono text-xs outline-none placeholder:font-sans placeholder:text-ink-soft [&::-webkit-search-cancel-button]:hidden"
      />
      <OfferList id={id} offers={offers} active={line.active} onTake={line.take} />
    </>
  );
}

/** What happens in the line: where the caret is, what is offered there, and what the keys do. */
function useLine({ draft, onDraft, onApply, onBack }: FilterInputProps) {
  const input = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const [caret, setCaret] = useState(0);
  const [active, setActive] = useState<number>();
  const [wantedCaret, setWantedCaret] = useState<number>();
  const offered = useOffers(draft, caret, open);
  useLayoutEffect(() => {
    if (wantedCaret === undefined) return;
    input.current?.setSelectionRange(wantedCaret, wantedCaret);
    setCaret(wantedCaret);
    setWantedCaret(undefined);
  }, [wantedCaret]);
  const take = (offer: Offer) => {
    const { completion } = offered;
    if (completion === undefined) return;
    const taken = takeOffer(draft, completion, offer);
    setActive(undefined);
    if (offer.completes && taken.caret === taken.text.length) return onApply(taken.text);
    onDraft(taken.text);
    setWantedCaret(taken.caret);
  };
  const apply = () => {
    setActive(undefined);
    onApply(draft.trim());
  };
  return {
    input,
    offered,
    active,
    take,
    setOpen: (to: boolean) => {
      setOpen(to);
      setActive(undefined);
    },
    moveTo: (to: number) => {
      setOpen(true);
      if (to !== caret) setActive(undefined);
      setCaret(to);
    },
    onKey: (event: KeyboardEvent) =>
      lineKey(event, { draft, offered, active, setActive, take, apply, onBack, close: () => setOpen(false) }),
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
  readonly close: () => void;
}

/** Arrows walk what is offered, Tab takes it, Enter takes what is chosen or applies what is written. */
function lineKey(event: KeyboardEvent, keys: LineKeys): void {
  const { draft, offered, active, setActive, take, apply, onBack, close } = keys;
  const { offers } = offered;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const chosen = active === undefined ? undefined : offers[active];
  // With Tab the first is meant, once something was written; in an empty line Tab goes on.
  const meant = chosen ?? (draft === "" ? undefined : offers[0]);
  if (step !== undefined && offers.length > 0) {
    const from = active ?? (step > 0 ? -1 : offers.length);
    setActive((from + step + offers.length) % offers.length);
  } else if (event.key === "Enter") chosen === undefined ? apply() : take(chosen);
  else if (event.key === "Tab" && !event.shiftKey && meant !== undefined) take(meant);
  else if (event.key === "Escape" && offers.length > 0) close();
  else if (event.key === "Backspace" && draft === "") onBack();
  else return;
  event.preventDefault();
}
