import { useMemo } from "react";
import type { LimitsAnswer } from "../../../../src/dashboard/wire/queues.ts";
import { ActionButton } from "../../components/action-button.tsx";
import { Chip } from "../../components/chip.tsx";
import { Count } from "../../components/count.tsx";
import type { Column } from "../../components/data-columns.ts";
import { ProgressBar } from "../../components/progress-bar.tsx";
import type { Catalogue } from "../../text/catalogue.ts";
import { useFormats, useText } from "../../text/text-context.tsx";

export type Limit = LimitsAnswer["limits"][number];
type Texts = Catalogue["limits"];

/** The columns of the table of limits. */
export function useLimitColumns(onEdit: (limit: Limit) => void): readonly Column<Limit>[] {
  const { limits } = useText();
  return useMemo(
    () => [nameColumn(limits), ...numberColumns(limits), actions(limits, onEdit)],
    [limits, onEdit],
  );
}

const nameColumn = (text: Texts): Column<Limit> => ({
  id: "scope",
  header: text.scope,
  className: "sm:max-w-96",
  cell: ({ scope, edited }) => (
    <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
      <bdi className="min-w-0 font-medium break-words">{scope}</bdi>
      {edited && (
        <Chip icon="edit" title={text.editedTitle}>
          {text.edited}
        </Chip>
      )}
    </span>
  ),
});

const numberColumns = (text: Texts): readonly Column<Limit>[] => [
  { id: "use", header: text.use, className: "sm:w-44", cell: (limit) => <Use limit={limit} /> },
  {
    id: "rate",
    header: text.rate,
    cell: ({ rate }) =>
      rate === null ? <span className="text-ink-soft">{text.none}</span> : <code>{rate}</code>,
  },
  {
    id: "waiting",
    header: text.waiting,
    align: "end",
    cell: ({ waiting }) => <Count value={waiting} />,
  },
];

/** How much of a limit is in use; over all keys, when it counts by keys. */
function Use({ limit: { held, concurrent } }: { readonly limit: Limit }) {
  const { limits } = useText();
  const { number } = useFormats();
  if (concurrent === null) {
    return (
      <span>
        <Count value={held} /> <span className="text-ink-soft">{limits.ofAny}</span>
      </span>
    );
  }
  return (
    <span className="flex w-full max-w-44 min-w-24 flex-col gap-1">
      <span className="whitespace-nowrap">
        <Count value={held} />
        <span className="text-ink-soft"> / {number(concurrent)}</span>
      </span>
      <ProgressBar label={limits.use} done={held} of={concurrent} />
    </span>
  );
}

const actions = (text: Texts, onEdit: (limit: Limit) => void): Column<Limit> => ({
  id: "actions",
  header: text.actions,
  align: "end",
  cell: (limit) => (
    <ActionButton
      permission="limits:update"
      icon="edit"
      aria-label={text.changeOne(limit.scope)}
      onClick={() => onEdit(limit)}
    >
      {text.change}
    </ActionButton>
  ),
});
