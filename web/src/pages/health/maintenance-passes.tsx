import { useMemo, useState } from "react";
import type { HealthAnswer } from "../../../../src/dashboard/wire/health.ts";
import { Card } from "../../components/card.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Select } from "../../components/input.tsx";
import { useText } from "../../text/text-context.tsx";
import { usePassColumns } from "./pass-columns.tsx";
import { summarisePasses } from "./pass-summaries.ts";

interface MaintenancePassesProps {
  readonly passes: HealthAnswer["passes"];
}

/** The maintenance of the workers, as each last told of it: there is no leader. */
export function MaintenancePasses({ passes }: MaintenancePassesProps) {
  const { passes: text } = useText().health;
  const [chosen, setChosen] = useState("");
  const columns = usePassColumns();
  const workers = useMemo(() => [...new Set(passes.map(({ worker }) => worker))].sort(), [passes]);
  // A worker that has gone leaves the choice with all of them.
  const worker = workers.includes(chosen) ? chosen : undefined;
  const choice = (
    <Select
      aria-label={text.worker}
      className="w-auto! max-w-56"
      value={worker ?? ""}
      onChange={(event) => setChosen(event.currentTarget.value)}
    >
      <option value="">{text.together}</option>
      {workers.map((id) => (
        <option key={id} value={id}>
          {text.of(id)}
        </option>
      ))}
    </Select>
  );
  return (
    <Card title={text.title} aside={workers.length > 1 && choice} flush>
      <p className="px-4 pt-1 pb-2 text-ink-soft">{text.hint}</p>
      <DataTable
        caption={text.title}
        columns={columns}
        rows={summarisePasses(passes, worker)}
        rowId={({ name }) => name}
        empty={<EmptyState icon="running" title={text.empty} />}
      />
    </Card>
  );
}
