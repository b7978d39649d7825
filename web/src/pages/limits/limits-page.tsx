import { useState } from "react";
import type { LimitsAnswer } from "../../../../src/dashboard/wire/queues.ts";
import { useResource } from "../../api/use-resource.ts";
import { Card } from "../../components/card.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { Resource } from "../../components/resource.tsx";
import { useText } from "../../text/text-context.tsx";
import { type Limit, useLimitColumns } from "./limit-columns.tsx";
import { LimitForm } from "./limit-form.tsx";
import { UndeclaredLimits } from "./undeclared-limits.tsx";

export function LimitsPage() {
  const { limits } = useText();
  const [edited, setEdited] = useState<Limit>();
  const columns = useLimitColumns(setEdited);
  const query = useResource<LimitsAnswer>("limits", "limits");
  return (
    <>
      <PageHeader title={limits.title} />
      <div className="grid gap-4">
        <UndeclaredLimits />
        <Card flush>
          <Resource query={query}>
            {(answer) => (
              <DataTable
                caption={limits.title}
                columns={columns}
                rows={answer.limits}
                rowId={({ scope }) => scope}
                empty={
                  <EmptyState icon="blocked" title={limits.empty}>
                    {limits.emptyText}
                  </EmptyState>
                }
              />
            )}
          </Resource>
        </Card>
      </div>
      {edited !== undefined && <LimitForm limit={edited} onClose={() => setEdited(undefined)} />}
    </>
  );
}
