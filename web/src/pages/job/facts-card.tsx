import type { ReactNode } from "react";
import { Link } from "wouter";
import type { JobAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { Card } from "../../components/card.tsx";
import { Chip } from "../../components/chip.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { useText } from "../../text/text-context.tsx";
import { jobsLink } from "../jobs/jobs-link.ts";

const linkLook = "text-accent underline wrap-anywhere";

/** Everything else there is to know of a job. */
export function FactsCard({ job }: { readonly job: JobAnswer }) {
  const { facts } = useText().job;
  return (
    <Card title={facts.title}>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        <Fact name={facts.id}>
          <span className="inline-flex items-center">
            {job.id}
            <span className="-my-2">
              <CopyButton text={job.id} />
            </span>
          </span>
        </Fact>
        <Fact name={facts.queue}>
          <Link href={`/queues/${encodeURIComponent(job.queue)}`} className={linkLook}>
            {job.queue}
          </Link>
        </Fact>
        <Fact name={facts.priority}>{job.priority}</Fact>
        <Fact name={facts.version}>{job.version}</Fact>
        <Fact name={facts.attempts}>{job.attempt}</Fact>
        {job.run !== job.attempt && <Fact name={facts.runs}>{job.run}</Fact>}
        {job.crashes > 0 && <Fact name={facts.crashes}>{job.crashes}</Fact>}
        {job.worker !== null && (
          <Fact name={facts.worker}>
            <Link href="/workers" className={linkLook}>
              {job.worker}
            </Link>
          </Fact>
        )}
        <Times job={job} />
        <Marks job={job} />
      </dl>
    </Card>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-soft">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </>
  );
}

function Times({ job }: { readonly job: JobAnswer }) {
  const { facts } = useText().job;
  const times = [
    [facts.created, job.createdAt],
    [facts.due, job.runAt],
    [facts.claimed, job.claimedAt],
    [facts.finished, job.finishedAt],
  ] as const;
  return times.map(
    ([name, at]) =>
      at !== null && (
        <Fact key={name} name={name}>
          <RelativeTime at={at} />
        </Fact>
      ),
  );
}

/** What only some jobs have. */
function Marks({ job }: { readonly job: JobAnswer }) {
  const { facts } = useText().job;
  const { reason, cancelRequested: cancel, uniqueKey, tags, trace } = job;
  return (
    <>
      {reason !== null && (
        <Fact name={facts.reason}>
          {reason.message} <span className="font-mono text-xs text-ink-soft">{reason.code}</span>
          {reason.by !== undefined && ` ${facts.by(reason.by)}`}
        </Fact>
      )}
      {cancel !== null && (
        <Fact name={facts.cancel}>
          <RelativeTime at={cancel.at} /> {cancel.by !== null && facts.by(cancel.by)}: {cancel.why}
        </Fact>
      )}
      {uniqueKey !== null && (
        <Fact name={facts.key}>
          <span className="font-mono text-xs break-all">{uniqueKey}</span>
        </Fact>
      )}
      {tags.length > 0 && (
        <Fact name={facts.tags}>
          <span className="flex flex-wrap gap-1">
            {tags.map((tag) => (
              <Link key={tag} href={jobsLink({ tag: [tag] })} className="max-w-full">
                <Chip title={tag}>{tag}</Chip>
              </Link>
            ))}
          </span>
        </Fact>
      )}
      <Gates job={job} />
      {trace !== null && (
        <Fact name={facts.trace}>
          <span className="font-mono text-xs break-all">{trace}</span>
        </Fact>
      )}
    </>
  );
}

/** A limit's page, or the line of a lane. */
function gateAddress(gate: string): string {
  return gate.startsWith("limit:") ? "/limits" : jobsLink({ gate: [gate] });
}

function Gates({ job }: { readonly job: JobAnswer }) {
  const { facts } = useText().job;
  if (job.gates.length === 0) return null;
  return (
    <Fact name={facts.gates}>
      <ul className="grid gap-1">
        {job.gates.map(({ gate, weight }) => (
          <li key={gate} className="break-all">
            <Link href={gateAddress(gate)} className={linkLook}>
              {gate}
            </Link>
            {weight !== 1 && ` (${facts.weight(weight)})`}{" "}
            {gate === job.waitingFor && <Chip icon="blocked">{facts.waitsHere}</Chip>}
          </li>
        ))}
      </ul>
    </Fact>
  );
}
