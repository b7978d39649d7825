import type { JobFilter } from "../../../../src/core/job-filter.ts";
import type { JobCountsAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { QueueFacet } from "./queue-facet.tsx";
import { SidebarGrip } from "./sidebar-grip.tsx";
import { StateLinks } from "./state-links.tsx";
import type { SidebarWidth } from "./use-sidebar-width.ts";
import { useIsWide } from "./use-is-wide.ts";
import { WorkerFacet } from "./worker-facet.tsx";

interface JobsSidebarProps {
  readonly text: string;
  readonly filter: JobFilter;
  readonly counts: JobCountsAnswer | undefined;
  /** True while the counts are those of another filter. */
  readonly stale: boolean;
  readonly width: SidebarWidth;
}

/** What jobs can be narrowed down by with one press. Where there is no room beside them, only their states. */
export function JobsSidebar({ text, filter, counts, stale, width }: JobsSidebarProps) {
  const wide = useIsWide();
  return (
    <div className="relative min-w-0">
      <div className="grid grid-cols-1 gap-4 lg:sticky lg:top-20 lg:max-h-[calc(100dvh-6rem)] lg:content-start lg:overflow-y-auto">
        <StateLinks text={text} counts={counts} stale={stale} />
        {wide && (
          <>
            <QueueFacet text={text} chosen={listOf(filter.queue)} />
            <WorkerFacet text={text} chosen={listOf(filter.worker)} />
          </>
        )}
      </div>
      {wide && <SidebarGrip width={width} />}
    </div>
  );
}

const listOf = (asked: string | readonly string[] | undefined): readonly string[] =>
  asked === undefined ? [] : typeof asked === "string" ? [asked] : asked;
