import { Icon } from "../../components/icon.tsx";
import { useText } from "../../text/text-context.tsx";

interface FilterChipProps {
  readonly condition: string;
  /** True for one that means nothing. */
  readonly wrong: boolean;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

/** A condition of the filter. */
export function FilterChip({ condition, wrong, onEdit, onRemove }: FilterChipProps) {
  const { filter } = useText();
  return (
    <span
      className={`inline-flex max-w-full items-center rounded-md text-xs ${wrong ? "bg-danger-tint text-danger" : "bg-accent-tint text-accent"}`}
    >
      <button
        type="button"
        aria-label={filter.edit(condition)}
        onClick={onEdit}
        className="min-w-0 truncate rounded-md py-1 ps-2 font-mono hover:underline"
      >
        <bdi>{condition}</bdi>
      </button>
      <button
        type="button"
        aria-label={filter.remove(condition)}
        onClick={onRemove}
        className="rounded-md p-1.5 hover:bg-line"
      >
        <Icon name="close" size={10} />
      </button>
    </span>
  );
}
