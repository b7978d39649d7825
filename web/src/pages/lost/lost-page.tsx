import { Link } from "wouter";
import { EmptyState } from "../../components/empty-state.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { useText } from "../../text/text-context.tsx";

/** What stands at an address that leads nowhere. */
export function LostPage() {
  const { lost } = useText().shell;
  return (
    <>
      <PageHeader title={lost.title} />
      <EmptyState icon="search" title={lost.text}>
        <Link href="/" className="text-accent underline">
          {lost.home}
        </Link>
      </EmptyState>
    </>
  );
}
