import { useEffect, useRef } from "react";
import { useText } from "../../text/text-context.tsx";
import type { Offer } from "./filter-offers.ts";

interface OfferListProps {
  readonly id: string;
  readonly offers: readonly Offer[];
  /** Which is chosen by the arrow keys. */
  readonly active: number | undefined;
  readonly onTake: (offer: Offer) => void;
}

export const offerId = (list: string, index: number): string => `${list}-${index}`;

/** What can be written, below the line in which it is. */
export function OfferList({ id, offers, active, onTake }: OfferListProps) {
  const { filter } = useText();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <>
      <span role="status" className="sr-only">
        {offers.length === 0 ? "" : filter.offers(offers.length)}
      </span>
      <div
        ref={list}
        id={id}
        role="listbox"
        aria-label={filter.offered}
        hidden={offers.length === 0}
        className="absolute inset-x-0 top-full z-20 mt-1 max-h-80 overflow-y-auto rounded-lg border border-line bg-surface p-1 shadow-high sm:end-auto sm:min-w-96"
      >
        {offers.map((offer, index) => (
          <div
            key={`${offer.from}${offer.label}`}
            id={offerId(id, index)}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            // The line keeps the focus.
            onPointerDown={(event) => {
              event.preventDefault();
              onTake(offer);
            }}
            className="flex cursor-pointer items-baseline gap-3 rounded-md px-2 py-1.5 hover:bg-raised aria-selected:bg-accent-tint"
          >
            <bdi className="min-w-24 font-mono text-xs break-all">{offer.label}</bdi>
            <span className="text-xs text-ink-soft">
              {offer.from === "field"
                ? filter.fieldHint(offer.label, offer.hint)
                : filter.valueHint(offer.label, offer.hint)}
            </span>
          </div>
        ))}
      </div>
    </>
  );
}
