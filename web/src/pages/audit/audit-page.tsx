import { useRefusal } from "../../api/session.ts";
import { Card } from "../../components/card.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { useText } from "../../text/text-context.tsx";
import { AuditEntries } from "./audit-entries.tsx";
import { AuditFilter } from "./audit-filter.tsx";
import { useAuditFilter } from "./use-audit-filter.ts";

export function AuditPage() {
  const { audit } = useText();
  const refusal = useRefusal("audit");
  const { filter, change } = useAuditFilter();
  return (
    <>
      <PageHeader title={audit.title} />
      <Card flush>
        {refusal === undefined ? (
          <>
            <AuditFilter filter={filter} onChange={change} />
            <AuditEntries key={JSON.stringify(filter)} filter={filter} />
          </>
        ) : (
          <EmptyState icon="blocked" title={refusal}>
            {audit.refused}
          </EmptyState>
        )}
      </Card>
    </>
  );
}
