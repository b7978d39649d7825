import { useMemo } from "react";
import type { HealthAnswer } from "../../../../src/dashboard/wire/health.ts";
import { Card } from "../../components/card.tsx";
import { Chip } from "../../components/chip.tsx";
import { Count } from "../../components/count.tsx";
import type { Column } from "../../components/data-columns.ts";
import { DataTable } from "../../components/data-table.tsx";
import { Duration } from "../../components/duration.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import type { Catalogue } from "../../text/catalogue.ts";
import { useText } from "../../text/text-context.tsx";

type Pass = HealthAnswer["passes"][number];
type Texts = Catalogue["health"]["passes"];

interface MaintenancePassesProps {
  readonly passes: readonly Pass[];
}

/** The maintenance of every worker, as each last told of it: there is no leader. */
export function MaintenancePasses({ passes }: MaintenancePassesProps) {
  const { passes: text } = useText().health;
  const columns = useMemo(() => [...nameColumns(text), ...numberColumns(text)], [text]);
  return (
    <Card title={text.title} flush>
      <p className="px-4 pt-1 pb-2 text-ink-soft">{text.hint}</p>
      <DataTable
        caption={text.title}
        columns={columns}
        rows={passes}
        rowId={({ name, worker }) => `${name} ${worker}`}
        empty={<EmptyState icon="running" title={text.empty} />}
      />
    </Card>
  );
}

const nameColumns = (text: Texts): readonly Column<Pass>[] => [
  {
    id: "name",
    header: text.name,
    cell: ({ name, error }) => (
      <span className="flex min-w-0 flex-col">
        <PassName name={name} />
        {error !== null && (
          <Chip icon="warning" tone="danger" title={error}>
            <bdi>{error}</bdi>
          </Chip>
        )}
      </span>
    ),
  },
  {
    id: "worker",
    header: text.worker,
    className: "sm:max-w-64 break-all",
    cell: ({ worker }) => <bdi className="font-mono text-xs">{worker}</bdi>,
  },
];

function PassName({ name }: { readonly name: string }) {
  const { passes } = useText().health;
  const known: Readonly<Record<string, string>> = passes.names;
  return (
    <span>
      {name}
      {known[name] !== undefined && <span className="text-xs text-ink-soft"> {known[name]}</span>}
    </span>
  );
}

const numberColumns = (text: Texts): readonly Column<Pass>[] => [
  {
    id: "ran",
    header: text.ran,
    align: "end",
    cell: ({ ranAt }) => <RelativeTime at={ranAt} />,
  },
  { id: "took", header: text.took, align: "end", cell: ({ tookMs }) => <Duration ms={tookMs} /> },
  { id: "rows", header: text.rows, align: "end", cell: ({ rows }) => <Count value={rows} /> },
  {
    id: "runs",
    header: text.runs,
    align: "end",
    className: "sm:max-md:hidden",
    cell: ({ runs }) => <Count value={runs} />,
  },
  {
    id: "total",
    header: text.total,
    align: "end",
    className: "sm:max-md:hidden",
    cell: ({ total }) => <Count value={total} />,
  },
];
