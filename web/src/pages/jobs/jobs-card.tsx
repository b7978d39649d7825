import { useMemo } from "react";
import type { JobCountsAnswer, JobsAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { withQuery } from "../../api/request.ts";
import { useResource } from "../../api/use-resource.ts";
import { Card } from "../../components/card.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { type PageTrail, usePageTrail } from "../../components/page-trail.ts";
import { Pager } from "../../components/pager.tsx";
import { Resource } from "../../components/resource.tsx";
import { useText } from "../../text/text-context.tsx";
import { jobsColumns } from "./jobs-columns.tsx";
import { JobsEmpty } from "./jobs-empty.tsx";
import { SelectionBar } from "./selection-bar.tsx";
import { SearchedNote } from "./searched-note.tsx";
import { useHeldPage } from "./use-held-page.ts";

const pageSize = 50;

interface JobsCardProps {
  readonly text: string;
  readonly counts: JobCountsAnswer | undefined;
}

/** The jobs that a filter means, page by page. */
export function JobsCard({ text, counts }: JobsCardProps) {
  const trail = usePageTrail();
  const path = withQuery("jobs", { q: text, limit: pageSize, after: trail.after });
  const query = useResource<JobsAnswer>("jobs", path);
  return (
    <Card flush>
      <Resource query={query} lines={12}>
        {(answer) => (
          <JobsPage
            text={text}
            counts={counts}
            trail={trail}
            answer={answer}
            stale={query.isPlaceholderData}
          />
        )}
      </Resource>
    </Card>
  );
}

interface JobsPageProps extends JobsCardProps {
  readonly trail: PageTrail;
  readonly answer: JobsAnswer;
  readonly stale: boolean;
}

function JobsPage({ text, counts, trail, answer, stale }: JobsPageProps) {
  const catalogue = useText();
  const columns = useMemo(() => jobsColumns(catalogue), [catalogue]);
  const { page, selection, aim } = useHeldPage(answer);
  const { jobs, next, partial, searchedTo } = page;
  return (
    <>
      {selection.ids.length > 0 && (
        <SelectionBar text={text} selection={selection} matching={counts?.matching} />
      )}
      <div
        onPointerOver={({ target }) => aim(isSelectCell(target))}
        onPointerLeave={() => aim(false)}
      >
        <DataTable
          caption={catalogue.jobs.table}
          columns={columns}
          rows={jobs}
          rowId={({ id }) => id}
          rowLink={({ id }) => `/jobs/${id}`}
          selection={selection}
          stale={stale}
          empty={<JobsEmpty text={text} counts={counts} partial={partial} first={trail.isFirst} />}
        />
      </div>
      <Pager trail={trail} next={next} onTurn={() => selection.replace([])}>
        {partial ? <SearchedNote searchedTo={searchedTo} /> : undefined}
      </Pager>
    </>
  );
}

const isSelectCell = (target: EventTarget): boolean =>
  target instanceof Element && target.closest("td, th")?.previousElementSibling === null;
