import type { Limit } from "../../core/limits-client.ts";
import type { QueueRetention } from "../../core/queue.ts";
import type { BackoffPolicy } from "../../core/retry-policy.ts";
import type { StatsEntry, StatsPoint, StatsSummary } from "../../core/stats-client.ts";
import { type Counts, counters } from "../../core/tally.ts";
import type {
  LimitsAnswer,
  QueueAnswer,
  QueueRow,
  QueuesAnswer,
  QueueWorkerRow,
  SeriesAnswer,
  StatsListAnswer,
} from "../wire/queues.ts";
import { counted } from "./job-schemas.ts";
import {
  flag,
  list,
  moment,
  nullable,
  numeric,
  ref,
  type SchemaOf,
  shape,
  text,
  whole,
  words,
} from "./typed-schema.ts";

const queueRow = ref<QueueRow>("QueueRow");

const counts = Object.fromEntries(counters.map((name) => [name, whole])) as {
  readonly [Name in keyof Counts]: SchemaOf<number>;
};
const percentiles = nullable(shape({ count: whole, p50: numeric, p95: numeric, p99: numeric }));
const stats = { ...counts, waiting: percentiles, running: percentiles };

/** What is answered about queues, limits and statistics. */
export const queueSchemas = {
  QueueRow: shape<QueueRow>({
    name: text,
    paused: flag,
    closedUntil: nullable(moment),
    throttleLevel: whole,
    available: counted,
    running: counted,
    blocked: counted,
    scheduled: counted,
    concurrency: nullable(whole),
    maxRunning: nullable(whole),
    backoff: nullable(
      shape<BackoffPolicy>({ minMs: numeric, maxMs: numeric, factor: numeric, jitter: numeric }),
    ),
    retention: shape<QueueRetention>({ completed: nullable(numeric), dead: nullable(numeric) }),
    changedAt: nullable(moment),
    changedBy: nullable(text),
    unserved: flag,
    servedBy: list(text),
    places: whole,
    effective: whole,
    history: list(whole),
  }),
  Queues: shape<QueuesAnswer>({ queues: list(queueRow), now: moment }),
  Queue: shape<QueueAnswer>({
    queue: queueRow,
    workers: list(
      shape<QueueWorkerRow>({
        id: text,
        host: text,
        pid: whole,
        state: words("running", "draining"),
        places: nullable(whole),
      }),
    ),
    limit: shape({ places: whole, maxRunning: nullable(whole), effective: whole }),
    now: moment,
  }),
  Limits: shape<LimitsAnswer>({
    limits: list(
      shape<Limit>({
        scope: text,
        concurrent: nullable(whole),
        rate: nullable(text),
        edited: flag,
        held: numeric,
        waiting: whole,
      }),
    ),
  }),
  StatsSeries: shape<SeriesAnswer>({
    from: moment,
    to: moment,
    step: numeric,
    points: list(shape<StatsPoint>({ ...stats, at: moment })),
  }),
  StatsSummary: shape<StatsSummary>({ ...stats, from: moment, to: moment }),
  StatsList: shape<StatsListAnswer>({
    entries: list(shape<StatsEntry>({ ...stats, queue: text, name: text })),
    more: flag,
  }),
} as const;
