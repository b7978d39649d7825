import { type CSSProperties, useMemo } from "react";
import type { JobCountsAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { parseFilter } from "../../../../src/dashboard/filter/parse.ts";
import { withQuery } from "../../api/request.ts";
import { useResource } from "../../api/use-resource.ts";
import { PageHeader } from "../../components/page-header.tsx";
import { useText } from "../../text/text-context.tsx";
import { EnqueueButton } from "./enqueue-button.tsx";
import { FilterField } from "./filter-field.tsx";
import { useFilterText } from "./use-filter-text.ts";
import { JobsChart } from "./jobs-chart.tsx";
import { JobsCard } from "./jobs-card.tsx";
import { SavedViews } from "./saved-views.tsx";
import { JobsSidebar } from "./jobs-sidebar.tsx";
import { useSidebarWidth } from "./use-sidebar-width.ts";

export function JobsPage() {
  const { jobs } = useText();
  const { text, show } = useFilterText();
  const width = useSidebarWidth();
  // Its moments are the server's business.
  const { filter, problems } = useMemo(() => parseFilter(text, 0), [text]);
  const sound = problems.length === 0;
  const counts = useResource<JobCountsAnswer>("jobs", withQuery("jobs/counts", { q: text }), {
    enabled: sound,
  });
  return (
    <>
      <PageHeader title={jobs.title}>
        <SavedViews text={text} onShow={show} />
        <EnqueueButton />
      </PageHeader>
      <div
        style={{ "--sidebar": `${width.px}px` } as CSSProperties}
        className="grid grid-cols-1 gap-4 lg:grid-cols-[var(--sidebar)_minmax(0,1fr)]"
      >
        <JobsSidebar
          text={text}
          filter={filter}
          counts={counts.data}
          stale={counts.isPlaceholderData}
          width={width}
        />
        <div className="grid min-w-0 grid-cols-1 content-start gap-4">
          <FilterField text={text} problems={problems} onShow={show} />
          <JobsChart filter={filter} />
          {sound && <JobsCard key={text} text={text} counts={counts.data} />}
        </div>
      </div>
    </>
  );
}
