interface PillsProps<Id extends string> {
  readonly label: string;
  readonly options: readonly { readonly id: Id; readonly label: string }[];
  /** Undefined when none is. */
  readonly chosen: Id | undefined;
  readonly onChoose: (id: Id) => void;
}

/** A choice among a few short words, such as ranges of time. */
export function Pills<Id extends string>({ label, options, chosen, onChoose }: PillsProps<Id>) {
  return (
    <div
      role="group"
      aria-label={label}
      className="inline-flex flex-wrap gap-0.5 rounded-lg bg-raised p-0.5"
    >
      {options.map(({ id, label: word }) => (
        <button
          key={id}
          type="button"
          aria-pressed={id === chosen}
          onClick={() => onChoose(id)}
          className="rounded-md px-2.5 py-1 text-xs font-medium text-ink-soft hover:text-ink aria-pressed:bg-surface aria-pressed:text-ink aria-pressed:shadow-low"
        >
          {word}
        </button>
      ))}
    </div>
  );
}
