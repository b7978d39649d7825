import { EmptyState } from "../../components/empty-state.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { useText } from "../../text/text-context.tsx";

export function QueuePage({ params }: PageProps) {
  const text = useText();
  const name = params["name"] ?? "";
  return (
    <>
      <PageHeader title={name} parent={{ to: "/queues", title: text.queues.title }} />
      <EmptyState title={text.words.loading} />
    </>
  );
}
