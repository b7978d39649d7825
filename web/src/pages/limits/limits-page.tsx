import { EmptyState } from "../../components/empty-state.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { useText } from "../../text/text-context.tsx";

export function LimitsPage() {
  const text = useText();
  return (
    <>
      <PageHeader title={text.limits.title} />
      <EmptyState title={text.words.loading} />
    </>
  );
}
