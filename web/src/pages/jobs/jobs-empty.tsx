import { Link } from "wouter";
import { removeToken, setField } from "../../../../src/dashboard/filter/change.ts";
import { parseFilter } from "../../../../src/dashboard/filter/parse.ts";
import { tokenise } from "../../../../src/dashboard/filter/tokenise.ts";
import type { JobCountsAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { useText } from "../../text/text-context.tsx";
import { jobsLink } from "./jobs-link.ts";

interface JobsEmptyProps {
  readonly text: string;
  readonly counts: JobCountsAnswer | undefined;
  /** True when only part of the jobs was looked at. */
  readonly partial: boolean;
  /** True on the first page. */
  readonly first: boolean;
}

/** Says why a list of jobs is empty, and offers the way out. */
export function JobsEmpty({ text, counts, partial, first }: JobsEmptyProps) {
  const { jobs } = useText();
  const { empty } = jobs;
  if (partial)
    return (
      <EmptyState icon="search" title={empty.partialTitle}>
        {empty.partial}
      </EmptyState>
    );
  if (text.trim() === "" && first) {
    return <EmptyState title={empty.noneAtAll}>{empty.noneAtAllText}</EmptyState>;
  }
  if (!first) return <EmptyState title={empty.title}>{empty.noneOlder}</EmptyState>;
  return (
    <EmptyState icon="filter" title={empty.title}>
      <WhyEmpty text={text} counts={counts} />
      <p className="mt-3 text-xs">{empty.kept}</p>
    </EmptyState>
  );
}

/** The state is to blame when jobs of other states match the rest; else any of the conditions may be. */
function WhyEmpty({ text, counts }: Pick<JobsEmptyProps, "text" | "counts">) {
  const { jobs, states } = useText();
  const { state } = parseFilter(text, 0).filter;
  const named = typeof state === "string" ? [state] : (state ?? []);
  const others = Object.values(counts?.states ?? {}).some(({ count }) => count > 0);
  if (named.length > 0 && others) {
    return (
      <>
        <p>{jobs.empty.state(named.map((each) => states[each]).join(", "))}</p>
        <Link href={jobsLink(setField(text, "state", []))} className="text-accent underline">
          {jobs.allStates}
        </Link>
      </>
    );
  }
  return (
    <>
      <p>{jobs.empty.conditions}</p>
      <ul className="mt-1">
        {tokenise(text).map((token) => (
          <li key={token.from}>
            <Link href={jobsLink(removeToken(text, token))} className="text-accent underline">
              {jobs.empty.without(text.slice(token.from, token.to))}
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
