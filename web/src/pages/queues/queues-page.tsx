import type { QueuesAnswer } from "../../../../src/dashboard/wire/queues.ts";
import { useResource } from "../../api/use-resource.ts";
import { Card } from "../../components/card.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { Resource } from "../../components/resource.tsx";
import { useText } from "../../text/text-context.tsx";
import { useQueueColumns } from "./queue-columns.tsx";
import { queueLink } from "./queue-link.ts";

export function QueuesPage() {
  const { queues } = useText();
  const columns = useQueueColumns();
  const query = useResource<QueuesAnswer>("queues", "queues");
  return (
    <>
      <PageHeader title={queues.title} />
      <Card flush>
        <Resource query={query}>
          {(answer) => (
            <DataTable
              caption={queues.title}
              columns={columns}
              rows={answer.queues}
              rowId={({ name }) => name}
              rowLink={({ name }) => queueLink(name)}
              empty={
                <EmptyState icon="available" title={queues.empty}>
                  {queues.emptyText}
                </EmptyState>
              }
            />
          )}
        </Resource>
      </Card>
    </>
  );
}
