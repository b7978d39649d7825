import { useEffect } from "react";
import { Link } from "wouter";
import type { ExplainedReason } from "../../../../src/core/explain.ts";
import type { JobAnswer, JobExplainAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { useResource } from "../../api/use-resource.ts";
import { Card } from "../../components/card.tsx";
import { Resource } from "../../components/resource.tsx";
import { useText } from "../../text/text-context.tsx";
import { reasonLinks } from "./reason-links.ts";
import { useReasonText } from "./use-reason-text.ts";

const againMs = 3_000;

/** Why a job is where it is: every reason that holds now, with the way to what it names. */
export function WhyCard({ job }: { readonly job: JobAnswer }) {
  const { why } = useText().job;
  const query = useResource<JobExplainAnswer>(`job:${job.id}`, `jobs/${job.id}/explain`);
  const { refetch } = query;
  const isOver = job.finishedAt !== null;
  // Reasons lie outside of the job as well: a queue that is paused changes nothing of it.
  useEffect(() => {
    if (isOver) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void refetch({ cancelRefetch: false });
    }, againMs);
    return () => clearInterval(timer);
  }, [isOver, refetch]);
  return (
    <Card title={why.title}>
      <Resource query={query} lines={2}>
        {({ reasons }) => (
          <ul className="grid gap-2">
            {reasons.map((reason, index) => (
              <Reason key={`${reason.kind}${index}`} reason={reason} />
            ))}
          </ul>
        )}
      </Resource>
    </Card>
  );
}

const mostLinks = 6;

function Reason({ reason }: { readonly reason: ExplainedReason }) {
  const { job: text } = useText();
  const sentence = useReasonText(reason);
  const links = reasonLinks(reason, text.why);
  const more = links.length - mostLinks;
  return (
    <li className="min-w-0 border-s-2 border-accent ps-3 wrap-anywhere">
      <p className="whitespace-pre-line">{sentence}</p>
      {links.length > 0 && (
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-xs">
          {links.slice(0, mostLinks).map(({ to, label }) => (
            <Link key={to} href={to} className="text-accent underline">
              {label}
            </Link>
          ))}
          {more > 0 && <span className="text-ink-soft">{text.why.more(more)}</span>}
        </p>
      )}
    </li>
  );
}
