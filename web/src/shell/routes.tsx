import { type ComponentType, lazy } from "react";
import { loadAllTexts } from "../text/text-context.tsx";
import type { PageProps } from "./page-props.ts";

type Page = ComponentType<PageProps>;

/**
 * Each page is a file of its own, fetched when it is first gone to, and with it what it says: React loses count of its hooks when a component
 * has to wait between them.
 */
const page = (load: () => Promise<Page>) =>
  lazy(async () => {
    const [loaded] = await Promise.all([load(), loadAllTexts()]);
    return { default: loaded };
  });

/** It says only what is there at once. */
const FirstPage = lazy(async () => ({
  default: (await import("../pages/overview/overview-page.tsx")).OverviewPage,
}));

/** Every address of the dashboard, below wherever it is mounted. */
export const routes: readonly (readonly [path: string, page: Page])[] = [
  ["/", FirstPage],
  ["/jobs", page(async () => (await import("../pages/jobs/jobs-page.tsx")).JobsPage)],
  ["/jobs/:id", page(async () => (await import("../pages/job/job-page.tsx")).JobPage)],
  ["/queues", page(async () => (await import("../pages/queues/queues-page.tsx")).QueuesPage)],
  ["/queues/:name", page(async () => (await import("../pages/queue/queue-page.tsx")).QueuePage)],
  [
    "/schedules",
    page(async () => (await import("../pages/schedules/schedules-page.tsx")).SchedulesPage),
  ],
  [
    "/schedules/:name",
    page(async () => (await import("../pages/schedule/schedule-page.tsx")).SchedulePage),
  ],
  ["/workers", page(async () => (await import("../pages/workers/workers-page.tsx")).WorkersPage)],
  ["/limits", page(async () => (await import("../pages/limits/limits-page.tsx")).LimitsPage)],
  [
    "/operations",
    page(async () => (await import("../pages/operations/operations-page.tsx")).OperationsPage),
  ],
  [
    "/operations/:id",
    page(async () => (await import("../pages/operation/operation-page.tsx")).OperationPage),
  ],
  ["/health", page(async () => (await import("../pages/health/health-page.tsx")).HealthPage)],
  ["/audit", page(async () => (await import("../pages/audit/audit-page.tsx")).AuditPage)],
];
