import { useRef, useState } from "react";
import { removeToken } from "../../../../src/dashboard/filter/change.ts";
import { fieldOf } from "../../../../src/dashboard/filter/fields.ts";
import type { FilterProblem } from "../../../../src/dashboard/filter/problem.ts";
import { type Token, tokenise } from "../../../../src/dashboard/filter/tokenise.ts";
import { Icon } from "../../components/icon.tsx";
import { IconButton } from "../../components/icon-button.tsx";
import { useText } from "../../text/text-context.tsx";
import { FilterChip } from "./filter-chip.tsx";
import { FilterInput } from "./filter-input.tsx";

interface FilterFieldProps {
  /** The filter that is applied. */
  readonly text: string;
  readonly problems: readonly FilterProblem[];
  readonly onShow: (text: string) => void;
}

/** The filter as chips, and a line in which one more condition is written. A chip that is pressed goes back into the line. */
export function FilterField({ text, problems, onShow }: FilterFieldProps) {
  const { filter } = useText();
  const [draft, setDraft] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const tokens = tokenise(text);
  const focus = () => box.current?.querySelector("input")?.focus();
  const edit = (token: Token) => {
    setDraft(text.slice(token.from, token.to));
    onShow(removeToken(text, token));
    focus();
  };
  return (
    <div ref={box} className="relative">
      <div className="flex min-h-10 flex-wrap items-center gap-1.5 rounded-lg border border-line-strong bg-surface px-2.5 py-1 focus-within:outline-2 focus-within:outline-offset-1 focus-within:outline-focus">
        <Icon name="search" className="text-ink-soft" />
        {tokens.map((token) => (
          <FilterChip
            key={token.from}
            condition={text.slice(token.from, token.to)}
            wrong={problems.some(({ from, to }) => from < token.to && to > token.from)}
            onEdit={() => edit(token)}
            onRemove={() => onShow(removeToken(text, token))}
          />
        ))}
        <FilterInput
          draft={draft}
          isFirst={tokens.length === 0}
          onDraft={setDraft}
          onApply={(condition) => {
            setDraft("");
            if (condition !== "") onShow(`${text} ${condition}`.trim());
          }}
          onBack={() => {
            const last = tokens.at(-1);
            if (last !== undefined) edit(last);
          }}
        />
        {text !== "" && (
          <IconButton
            icon="close"
            label={filter.clear}
            className="-me-1 h-7"
            onClick={() => onShow("")}
          />
        )}
      </div>
      <FilterProblems text={text} problems={problems} />
    </div>
  );
}

function FilterProblems({ text, problems }: Pick<FilterFieldProps, "text" | "problems">) {
  const { filter } = useText();
  if (problems.length === 0) return null;
  return (
    <div role="alert" className="mt-1.5 text-danger">
      {problems.map(({ kind, from, to, message }) => {
        const token = tokenise(text).find((each) => from < each.to && to > each.from);
        const example = fieldOf(token?.field ?? "")?.example;
        return (
          <p key={`${kind}${from}`}>
            {filter.problem(kind, message, text.slice(from, to), example)}
          </p>
        );
      })}
    </div>
  );
}
