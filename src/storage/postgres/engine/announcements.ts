import type { EnqueueReceipt } from "../../../core/enqueue-options.ts";
import type { NewJob } from "../../../core/new-job.ts";
import { compose, marksOf, type News } from "./notifier.ts";

/** What there is to say about jobs just stored, and how to say it. */
export interface Announcements {
  /** This process, as it names itself to those it wakes. */
  readonly from: string;
  /**
   * What a commit of these jobs is news of; `undefined` when nobody could be waiting for it. Jobs with gates are news once they are
   * let in, but for those that have nobody to ask for it: they make some worker look.
   */
  newsOf(
    jobs: readonly NewJob[],
    receipts?: readonly EnqueueReceipt[],
    gated?: "later" | "at once",
  ): News | undefined;
  /** A call of SQL that wakes other processes with the commit, if any waits; its parameters come after the first `offset`. */
  call(offset: number): string;
  params(news: News): readonly unknown[];
  /** Tells this process. */
  tellHere(news: News): void;
}

/** A job due later than this is found by those who promote before it is due. */
const soonMs = 20_000;

/** Announcements on a schema's channel. */
export function createAnnouncements(
  schema: string,
  channel: string,
  from: string,
  tellHere: (news: News) => void,
): Announcements {
  return {
    from,
    newsOf,
    call: (offset) => `${schema}.wake($${offset + 1}, $${offset + 2}, $${offset + 3})`,
    params: (news) => [channel, compose(from, news), marksOf(news)],
    tellHere,
  };
}

function newsOf(
  jobs: readonly NewJob[],
  receipts: readonly EnqueueReceipt[] = [],
  gated: "later" | "at once" = "later",
): News | undefined {
  const queues = new Set<string>();
  let dueAt = Number.POSITIVE_INFINITY;
  for (let index = 0; index < jobs.length; index++) {
    const { queue, createdAt, runAt, gates } = jobs[index] as NewJob;
    if (receipts[index]?.outcome === "existing") continue;
    if (runAt <= createdAt) {
      if (gates === undefined || gated === "at once") queues.add(queue);
    } else if (runAt - createdAt < soonMs) dueAt = Math.min(dueAt, runAt);
  }
  if (queues.size === 0 && dueAt === Number.POSITIVE_INFINITY) return undefined;
  return { queues: [...queues], ids: [], dueAt };
}
