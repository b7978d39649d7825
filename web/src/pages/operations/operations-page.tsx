import { Link } from "wouter";
import type { OperationRow, OperationsAnswer } from "../../../../src/dashboard/wire/operations.ts";
import { withQuery } from "../../api/request.ts";
import { useRefusal } from "../../api/session.ts";
import { useResource } from "../../api/use-resource.ts";
import { Card } from "../../components/card.tsx";
import type { Column } from "../../components/data-columns.ts";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { usePageTrail } from "../../components/page-trail.ts";
import { Pager } from "../../components/pager.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { Resource } from "../../components/resource.tsx";
import type { Catalogue } from "../../text/catalogue.ts";
import { useText } from "../../text/text-context.tsx";
import { OperationBar } from "../operation/operation-bar.tsx";
import { OperationState } from "../operation/operation-state.tsx";

const pageSize = 50;

export function OperationsPage() {
  const { operations: text } = useText();
  const showsWho = useRefusal("audit") === undefined;
  const trail = usePageTrail();
  const path = withQuery("operations", { limit: pageSize, after: trail.after });
  const query = useResource<OperationsAnswer>("operations", path);
  return (
    <>
      <PageHeader title={text.title} />
      <Card flush>
        <Resource query={query} lines={8}>
          {({ operations, next }) => (
            <>
              <DataTable
                caption={text.table}
                columns={columns(text).filter(({ id }) => id !== "by" || showsWho)}
                rows={operations}
                rowId={({ id }) => id}
                rowLink={({ id }) => `/operations/${id}`}
                stale={query.isPlaceholderData}
                empty={<NoOperations />}
              />
              <Pager trail={trail} next={next} />
            </>
          )}
        </Resource>
      </Card>
    </>
  );
}

function NoOperations() {
  const { operations } = useText();
  return (
    <EmptyState title={operations.none}>
      <p>{operations.noneText}</p>
      <Link href="/jobs" className="text-accent underline">
        {operations.toJobs}
      </Link>
    </EmptyState>
  );
}

const columns = (text: Catalogue["operations"]): readonly Column<OperationRow>[] => [
  {
    id: "what",
    header: text.columns.what,
    cell: ({ id, action, matched, atLeast, q }) => (
      <div className="min-w-0">
        <Link href={`/operations/${id}`} className="font-semibold hover:underline">
          {text.titles[action](matched, atLeast)}
        </Link>
        <p className="truncate font-mono text-xs text-ink-soft" title={q}>
          <bdi>{q === "" ? text.facts.everyJob : q}</bdi>
        </p>
      </div>
    ),
    className: "sm:w-full sm:max-w-0",
  },
  {
    id: "state",
    header: text.columns.state,
    cell: ({ state }) => <OperationState state={state} />,
  },
  {
    id: "progress",
    header: text.columns.progress,
    className: "max-sm:col-span-8",
    cell: (operation) => (
      <div className="w-32">
        <OperationBar {...operation} />
      </div>
    ),
  },
  {
    id: "by",
    header: text.columns.by,
    cell: ({ by }) => <span className="inline-block max-w-32 truncate align-middle">{by}</span>,
  },
  {
    id: "when",
    header: text.columns.when,
    cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
    align: "end",
  },
];
