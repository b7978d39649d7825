import { useId, useRef } from "react";
import { useText } from "../../text/text-context.tsx";
import { OfferList, offerId } from "./offer-list.tsx";
import { type FilterLine, useFilterLine } from "./use-filter-line.ts";

/** The line in which a condition is written, with what can be written offered below it. */
export function FilterInput(props: FilterLine) {
  const { draft, isFirst, onDraft } = props;
  const { filter } = useText();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const line = useFilterLine(props, input);
  const { offers } = line.offered;
  return (
    <>
      <input
        ref={input}
        type="search"
        role="combobox"
        aria-label={filter.label}
        aria-describedby={`${id}help`}
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
          line.setOpen(true);
          line.moveTo(target.selectionStart ?? target.value.length);
        }}
        onSelect={({ currentTarget }) => line.moveTo(currentTarget.selectionStart ?? 0)}
        onFocus={() => line.setOpen(true)}
        onBlur={() => line.setOpen(false)}
        onKeyDown={line.onKey}
        className="h-7 min-w-32 flex-1 bg-transparent font-mono text-xs outline-none placeholder:font-sans placeholder:text-ink-soft [&::-webkit-search-cancel-button]:hidden"
      />
      <span id={`${id}help`} className="sr-only">
        {filter.help}
      </span>
      <OfferList id={id} offers={offers} active={line.active} onTake={line.take} />
    </>
  );
}
