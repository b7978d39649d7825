import { useMemo } from "react";
import type { AuditAnswer } from "../../../../src/dashboard/wire/health.ts";
import { useResource } from "../../api/use-resource.ts";
import { withQuery } from "../../api/request.ts";
import type { Column } from "../../components/data-columns.ts";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { usePageTrail } from "../../components/page-trail.ts";
import { Pager } from "../../components/pager.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { Resource } from "../../components/resource.tsx";
import type { Catalogue } from "../../text/catalogue.ts";
import { useFormats, useText } from "../../text/text-context.tsx";
import { AuditDetails } from "./audit-details.tsx";
import { AuditTarget } from "./audit-target.tsx";
import type { AuditFilterValues } from "./use-audit-filter.ts";

type Entry = AuditAnswer["entries"][number];

const pageSize = 50;

interface AuditEntriesProps {
  readonly filter: AuditFilterValues;
}

/** What was done, newest first, page by page. */
export function AuditEntries({ filter }: AuditEntriesProps) {
  const { audit } = useText();
  const columns = useMemo(() => columnsOf(audit), [audit]);
  const trail = usePageTrail();
  const query = useResource<AuditAnswer>(
    "audit",
    withQuery("audit", { ...filter, limit: pageSize, after: trail.after }),
  );
  return (
    <Resource query={query}>
      {({ entries, next }) => (
        <>
          <DataTable
            caption={audit.title}
            columns={columns}
            rows={entries}
            rowId={({ id }) => id}
            stale={query.isPlaceholderData}
            empty={
              <NoEntries
                filtered={Object.values(filter).some((value) => value !== "")}
                hasOlder={next !== null}
              />
            }
          />
          <Pager trail={trail} next={next} />
        </>
      )}
    </Resource>
  );
}

interface NoEntriesProps {
  readonly filtered: boolean;
  /** True where older entries were not looked at. */
  readonly hasOlder: boolean;
}

function NoEntries({ filtered, hasOlder }: NoEntriesProps) {
  const { audit } = useText();
  const [title, text] = hasOlder
    ? [audit.emptyNewest, audit.emptyNewestText]
    : filtered
      ? [audit.noneMatch, audit.noneMatchText]
      : [audit.empty, audit.emptyText];
  return (
    <EmptyState icon={filtered ? "filter" : "edit"} title={title}>
      {text}
    </EmptyState>
  );
}

const columnsOf = (text: Catalogue["audit"]): readonly Column<Entry>[] => [
  {
    id: "at",
    header: text.at,
    cell: ({ at }) => <When at={at} />,
  },
  {
    id: "by",
    header: text.by,
    className: "max-sm:col-span-3 sm:max-w-48 break-words",
    cell: ({ by }) =>
      by === null ? <span className="text-ink-soft">{text.nobody}</span> : <bdi>{by}</bdi>,
  },
  {
    id: "action",
    header: text.action,
    className: "max-sm:col-span-5",
    cell: ({ action }) => <ActionWords action={action} />,
  },
  {
    id: "target",
    header: text.target,
    className: "sm:max-w-64 break-words",
    cell: ({ target }) => <AuditTarget target={target} />,
  },
  {
    id: "details",
    header: text.details,
    className: "max-sm:col-span-full sm:max-w-md",
    cell: ({ details }) => <AuditDetails details={details} />,
  },
];

/** Of what is long past the exact time counts more than how long ago it was. */
function When({ at }: Pick<Entry, "at">) {
  const { dateTime } = useFormats();
  return (
    <span className="flex flex-col">
      <span className="whitespace-nowrap">{dateTime(at)}</span>
      <span className="text-xs text-ink-soft">
        <RelativeTime at={at} />
      </span>
    </span>
  );
}

function ActionWords({ action }: { readonly action: string }) {
  const { audit } = useText();
  const known: Readonly<Record<string, string>> = audit.actions;
  return <span title={action}>{known[action] ?? action}</span>;
}
