import { useMemo } from "react";
import { Chip } from "../../components/chip.tsx";
import { Count } from "../../components/count.tsx";
import type { Column } from "../../components/data-columns.ts";
import { Duration } from "../../components/duration.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import type { Catalogue } from "../../text/catalogue.ts";
import { useText } from "../../text/text-context.tsx";
import type { PassSummary } from "./pass-summaries.ts";

type Texts = Catalogue["health"]["passes"];

/** The columns of the table of maintenance. */
export function usePassColumns(): readonly Column<PassSummary>[] {
  const { passes } = useText().health;
  return useMemo(
    () => [nameColumn(passes), ...lastColumns(passes), ...sumColumns(passes)],
    [passes],
  );
}

const nameColumn = (text: Texts): Column<PassSummary> => ({
  id: "name",
  header: text.name,
  cell: ({ name, errors }) => <PassName name={name} errors={errors} />,
});

function PassName({ name, errors }: Pick<PassSummary, "name" | "errors">) {
  const { passes } = useText().health;
  const known: Readonly<Record<string, string>> = passes.names;
  return (
    <span className="flex min-w-0 flex-col items-start gap-1">
      <span>
        {name} <span className="text-xs text-ink-soft">{known[name]}</span>
      </span>
      {errors.map(({ worker, error }) => (
        <Chip key={worker} icon="warning" tone="danger" title={error}>
          <bdi>{passes.error(worker, error)}</bdi>
        </Chip>
      ))}
    </span>
  );
}

const lastColumns = (text: Texts): readonly Column<PassSummary>[] => [
  {
    id: "workers",
    header: text.workers,
    align: "end",
    cell: ({ workers }) => <Count value={workers} />,
  },
  {
    id: "ran",
    header: text.ran,
    align: "end",
    cell: ({ last }) => <RelativeTime at={last.ranAt} />,
  },
  {
    id: "took",
    header: text.took,
    align: "end",
    cell: ({ last }) => <Duration ms={last.tookMs} />,
  },
  { id: "rows", header: text.rows, align: "end", cell: ({ last }) => <Count value={last.rows} /> },
];

const sumColumns = (text: Texts): readonly Column<PassSummary>[] => [
  { id: "runs", header: text.runs, align: "end", cell: ({ runs }) => <Count value={runs} /> },
  { id: "total", header: text.total, align: "end", cell: ({ total }) => <Count value={total} /> },
];
