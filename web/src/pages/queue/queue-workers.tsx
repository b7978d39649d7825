import { useMemo } from "react";
import type { QueueWorkerRow } from "../../../../src/dashboard/wire/queues.ts";
import { Card } from "../../components/card.tsx";
import { Chip } from "../../components/chip.tsx";
import { Count } from "../../components/count.tsx";
import type { Column } from "../../components/data-columns.ts";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { TextLink } from "../../components/text-link.tsx";
import type { Catalogue } from "../../text/catalogue.ts";
import { useText } from "../../text/text-context.tsx";

interface QueueWorkersProps {
  readonly workers: readonly QueueWorkerRow[];
  readonly servedBy: readonly string[];
}

/** The workers that name a queue, and how many of its jobs each runs at once. */
export function QueueWorkers({ workers, servedBy }: QueueWorkersProps) {
  const { queues } = useText();
  const columns = useMemo(() => columnsOf(queues.workers, servedBy), [queues, servedBy]);
  return (
    <Card title={queues.workers.title} flush>
      <DataTable
        caption={queues.workers.title}
        columns={columns}
        rows={workers}
        rowId={({ id }) => id}
        empty={
          <EmptyState icon="running" title={queues.workers.empty}>
            {queues.workers.emptyText}
          </EmptyState>
        }
      />
    </Card>
  );
}

function columnsOf(
  text: Catalogue["queues"]["workers"],
  servedBy: readonly string[],
): readonly Column<QueueWorkerRow>[] {
  return [
    {
      id: "host",
      header: text.worker,
      cell: ({ id, host, pid }) => (
        <span className="min-w-0 break-words">
          <TextLink to="/workers" title={id}>
            <bdi>{host}</bdi>
          </TextLink>
          <span className="text-xs text-ink-soft"> {pid}</span>
        </span>
      ),
    },
    {
      id: "state",
      header: text.state,
      cell: ({ id, state }) => <WorkerState taking={servedBy.includes(id)} state={state} />,
    },
    {
      id: "places",
      header: text.places,
      align: "end",
      cell: ({ places }) => (places === null ? text.unknown : <Count value={places} />),
    },
  ];
}

interface WorkerStateProps {
  readonly taking: boolean;
  readonly state: QueueWorkerRow["state"];
}

function WorkerState({ taking, state }: WorkerStateProps) {
  const text = useText().queues.workers;
  if (state === "draining") {
    return (
      <Chip icon="drain" tone="warning">
        {text.draining}
      </Chip>
    );
  }
  if (taking) return text.taking;
  return (
    <Chip icon="warning" tone="danger">
      {text.lost}
    </Chip>
  );
}
