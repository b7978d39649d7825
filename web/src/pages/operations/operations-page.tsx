import { EmptyState } from "../../components/empty-state.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { useText } from "../../text/text-context.tsx";

export function OperationsPage() {
  const text = useText();
  return (
    <>
      <PageHeader title={text.operations.title} />
      <EmptyState title={text.words.loading} />
    </>
  );
}
