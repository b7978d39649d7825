import type { ReactNode } from "react";
import { Link } from "wouter";
import type { OperationRow } from "../../../../src/dashboard/wire/operations.ts";
import { Card } from "../../components/card.tsx";
import { Duration } from "../../components/duration.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { useText } from "../../text/text-context.tsx";
import { jobsLink } from "../jobs/jobs-link.ts";

/** What an operation was asked to do, by whom, and when. */
export function OperationFacts({ operation }: { readonly operation: OperationRow }) {
  const { facts } = useText().operations;
  const { q, by, why, queue, priority, createdAt, finishedAt } = operation;
  return (
    <Card title={facts.title}>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        <Fact name={facts.filter}>
          <Link
            href={jobsLink(q)}
            className={`text-accent underline ${q === "" ? "" : "font-mono text-xs break-all"}`}
          >
            {q === "" ? facts.everyJob : q}
          </Link>
        </Fact>
        {by !== null && <Fact name={facts.by}>{by}</Fact>}
        {why !== null && <Fact name={facts.why}>{why}</Fact>}
        {queue !== null && <Fact name={facts.queue}>{queue}</Fact>}
        {priority !== null && <Fact name={facts.priority}>{priority}</Fact>}
        <Fact name={facts.began}>
          <RelativeTime at={createdAt} />
        </Fact>
        {finishedAt !== null && (
          <>
            <Fact name={facts.ended}>
              <RelativeTime at={finishedAt} />
            </Fact>
            <Fact name={facts.took}>
              <Duration ms={finishedAt - createdAt} />
            </Fact>
          </>
        )}
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
