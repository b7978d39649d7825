import { EmptyState } from "../../components/empty-state.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { useText } from "../../text/text-context.tsx";

export function AuditPage() {
  const text = useText();
  return (
    <>
      <PageHeader title={text.audit.title} />
      <EmptyState title={text.words.loading} />
    </>
  );
}
