import type { WorkersAnswer } from "../../../../src/dashboard/wire/workers.ts";
import { useResource } from "../../api/use-resource.ts";
import { Card } from "../../components/card.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { Resource } from "../../components/resource.tsx";
import { useFormats, useText } from "../../text/text-context.tsx";
import { WorkerCard } from "./worker-card.tsx";

export function WorkersPage() {
  const { workers } = useText();
  const query = useResource<WorkersAnswer>("workers", "workers");
  return (
    <>
      <PageHeader title={workers.title} />
      <Resource query={query}>{(answer) => <Cards answer={answer} />}</Resource>
    </>
  );
}

function Cards({ answer: { workers: rows, now } }: { readonly answer: WorkersAnswer }) {
  const { workers } = useText();
  const { number } = useFormats();
  if (rows.length === 0) {
    return (
      <Card>
        <EmptyState icon="running" title={workers.empty}>
          {workers.emptyText}
        </EmptyState>
      </Card>
    );
  }
  const busy = sum(rows.map(({ report }) => report?.running ?? 0));
  const places = sum(rows.map(({ report }) => report?.places ?? 0));
  return (
    <>
      <p className="mb-3 text-ink-soft">
        {workers.summary(rows.length, number(busy), number(places))}
      </p>
      <ul className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
        {rows.map((worker) => (
          <li key={worker.id} className="min-w-0">
            <WorkerCard worker={worker} readAt={now} />
          </li>
        ))}
      </ul>
    </>
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
