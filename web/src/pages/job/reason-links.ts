import type { JobReason } from "../../../../src/core/job-reason.ts";
import type { Catalogue } from "../../text/catalogue.ts";

export interface ReasonLink {
  readonly to: string;
  readonly label: string;
}

type Texts = Catalogue["job"]["why"];

/** Where what a reason names is seen. */
export function reasonLinks(reason: JobReason, texts: Texts): readonly ReasonLink[] {
  const queue = (name: string): ReasonLink => ({
    to: `/queues/${encodeURIComponent(name)}`,
    label: texts.openQueue(name),
  });
  const job = (id: string): ReasonLink => ({ to: `/jobs/${id}`, label: texts.openJob(id) });
  const workers: ReasonLink = { to: "/workers", label: texts.openWorkers };
  const limits: ReasonLink = { to: "/limits", label: texts.openLimits };
  switch (reason.kind) {
    case "queue-paused":
    case "queue-cooling":
    case "queue-full":
      return [queue(reason.queue)];
    case "queue-unserved":
      return [queue(reason.queue), workers];
    case "places-taken":
      return [queue(reason.queue), workers];
    case "no-handler":
    case "payload-too-new":
    case "worker-lost":
    case "running":
      return [workers];
    case "blocked":
      return [
        ...(reason.gate?.startsWith("limit:") === true ? [limits] : []),
        ...reason.heldBy.map(({ job: id }) => job(id)),
      ];
    case "rate-limited":
    case "limit-undeclared":
      return [limits];
    case "held-alone":
      return reason.heldBy.map(({ job: id }) => job(id));
    case "unique-held":
      return [job(reason.holder)];
    case "database-read-only":
    case "schema-behind":
      return [{ to: "/health", label: texts.openHealth }];
    default:
      return [];
  }
}
