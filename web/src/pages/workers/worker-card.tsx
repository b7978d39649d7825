import { useId } from "react";
import type { WorkerRow } from "../../../../src/dashboard/wire/workers.ts";
import { Chip } from "../../components/chip.tsx";
import { Elapsed } from "../../components/duration.tsx";
import { Facts } from "../../components/facts.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { useFormats, useText } from "../../text/text-context.tsx";
import { DrainButton } from "./drain-button.tsx";
import { Heartbeat } from "./heartbeat.tsx";
import { WorkerJobs } from "./worker-jobs.tsx";
import { WorkerQueues } from "./worker-queues.tsx";

interface WorkerCardProps {
  readonly worker: WorkerRow;
  /** When it was read, by the database's time. */
  readonly readAt: number;
}

/** A worker: where it runs, how it is, what it serves and what it runs now. */
export function WorkerCard({ worker, readAt }: WorkerCardProps) {
  const id = useId();
  const { workers } = useText();
  const { host, report } = worker;
  return (
    <article
      aria-labelledby={id}
      className="flex h-full min-w-0 flex-col gap-3 rounded-lg border border-line bg-surface p-4 shadow-low"
    >
      <header className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 id={id} className="font-semibold break-words">
            <bdi>{host}</bdi>
          </h2>
          <p className="text-xs break-all text-ink-soft">{workers.id(worker.id)}</p>
        </div>
        <DrainButton worker={worker} />
      </header>
      <div className="flex flex-wrap items-center gap-2">
        <Heartbeat worker={worker} readAt={readAt} />
        <Marks worker={worker} />
      </div>
      <Places report={report} />
      <Measures worker={worker} />
      <WorkerQueues worker={worker} />
      <WorkerJobs id={worker.id} jobs={report?.jobs ?? []} running={report?.running ?? 0} />
    </article>
  );
}

function Marks({ worker }: { readonly worker: WorkerRow }) {
  const { workers } = useText();
  const { state, drainedBy, version, versionDiffers } = worker;
  return (
    <>
      {state === "draining" && (
        <Chip icon="drain" tone="warning">
          {drainedBy === null ? workers.draining : workers.drainingBy(drainedBy)}
        </Chip>
      )}
      {versionDiffers && (
        <Chip icon="warning" tone="warning" title={workers.versionDiffersTitle}>
          {workers.versionDiffers(version ?? workers.unknown)}
        </Chip>
      )}
    </>
  );
}

function Places({ report }: { readonly report: WorkerRow["report"] }) {
  const { workers } = useText();
  const { number } = useFormats();
  if (report === null) return <p className="text-ink-soft">{workers.noReport}</p>;
  const { running, places } = report;
  return (
    <div className="grid gap-1">
      <p className="flex justify-between">
        <span className="text-ink-soft">{workers.places}</span>
        <span>
          <span className="font-semibold">{number(running)}</span>
          <span className="text-ink-soft"> / {number(places)}</span>
        </span>
      </p>
      <ProgressBar label={workers.places} done={running} of={places} />
    </div>
  );
}

/** A main loop that stands still for longer than this makes heartbeats late. */
const longLagMs = 250;

function Measures({ worker }: { readonly worker: WorkerRow }) {
  const { workers } = useText();
  const { bytes, duration } = useFormats();
  const { pid, version, startedAt, report } = worker;
  const lag = report?.lagMs ?? 0;
  return (
    <Facts
      facts={[
        { name: workers.pid, value: pid },
        { name: workers.version, value: version ?? workers.unknown },
        { name: workers.uptime, value: <Elapsed since={startedAt} /> },
        {
          name: workers.lag,
          value: report && (
            <span className={lag > longLagMs ? "font-medium text-warning" : ""}>
              {duration(lag)}
            </span>
          ),
        },
        { name: workers.memory, value: report && bytes(report.rssBytes) },
        { name: workers.heap, value: report && bytes(report.heapBytes) },
      ]}
    />
  );
}
