import { queueLink } from "../queues/queue-link.ts";
import { scheduleLink } from "../schedules/schedule-link.ts";

const links: Readonly<Record<string, (name: string) => string>> = {
  job: (id) => `/jobs/${encodeURIComponent(id)}`,
  queue: queueLink,
  schedule: scheduleLink,
  operation: (id) => `/operations/${encodeURIComponent(id)}`,
  limit: () => "/limits",
  worker: () => "/workers",
};

/** Where the target of an entry is shown, `queue:emails`; undefined for kinds without a page. */
export function targetLink(target: string): string | undefined {
  const colon = target.indexOf(":");
  const kind = target.slice(0, Math.max(0, colon));
  return Object.hasOwn(links, kind) ? links[kind]?.(target.slice(colon + 1)) : undefined;
}
