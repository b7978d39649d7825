import type { SchedulesAnswer } from "../../../../src/dashboard/wire/schedules.ts";
import { useResource } from "../../api/use-resource.ts";
import { Card } from "../../components/card.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { Resource } from "../../components/resource.tsx";
import { useText } from "../../text/text-context.tsx";
import { useScheduleColumns } from "./schedule-columns.tsx";
import { scheduleLink } from "./schedule-link.ts";

export function SchedulesPage() {
  const { schedules } = useText();
  const columns = useScheduleColumns();
  const query = useResource<SchedulesAnswer>("schedules", "schedules");
  return (
    <>
      <PageHeader title={schedules.title} />
      <Card flush>
        <Resource query={query}>
          {(answer) => (
            <DataTable
              caption={schedules.title}
              columns={columns}
              rows={answer.schedules}
              rowId={({ name }) => name}
              rowLink={({ name }) => scheduleLink(name)}
              empty={
                <EmptyState icon="scheduled" title={schedules.empty}>
                  {schedules.emptyText}
                </EmptyState>
              }
            />
          )}
        </Resource>
      </Card>
    </>
  );
}
