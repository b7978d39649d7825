import { EmptyState } from "../../components/empty-state.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { useText } from "../../text/text-context.tsx";

export function SchedulePage({ params }: PageProps) {
  const text = useText();
  const name = params["name"] ?? "";
  return (
    <>
      <PageHeader title={name} parent={{ to: "/schedules", title: text.schedules.title }} />
      <EmptyState title={text.words.loading} />
    </>
  );
}
