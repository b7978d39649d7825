import { EmptyState } from "../../components/empty-state.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { useText } from "../../text/text-context.tsx";

export function OperationPage({ params }: PageProps) {
  const text = useText();
  const name = params["id"] ?? "";
  return (
    <>
      <PageHeader title={name} parent={{ to: "/operations", title: text.operations.title }} />
      <EmptyState title={text.words.loading} />
    </>
  );
}
