import { useEffect, useRef } from "react";
import { Link } from "wouter";
import type { JobState } from "../../../../src/core/job.ts";
import { setField } from "../../../../src/dashboard/filter/change.ts";
import { parseFilter } from "../../../../src/dashboard/filter/parse.ts";
import type { Counted, JobCountsAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { Count } from "../../components/count.tsx";
import { Icon } from "../../components/icon.tsx";
import type { IconName } from "../../components/icons.ts";
import { jobStates, stateClasses } from "../../components/job-states.ts";
import { useText } from "../../text/text-context.tsx";
import { facetLook } from "./facet-look.ts";
import { jobsLink } from "./jobs-link.ts";

interface StateLinksProps {
  readonly text: string;
  readonly counts: JobCountsAnswer | undefined;
  /** True while the counts are those of another filter. */
  readonly stale: boolean;
}

/** The states, each with how many jobs of the filter stand in it. On a phone they lie in one line. */
export function StateLinks({ text, counts, stale }: StateLinksProps) {
  const { jobs, states } = useText();
  const chosen = chosenStates(text);
  return (
    <nav
      aria-label={jobs.states}
      aria-busy={stale}
      className="-mx-3 flex gap-0.5 overflow-x-auto px-3 lg:mx-0 lg:flex-col lg:overflow-visible lg:px-0"
    >
      <StateLink
        to={jobsLink(setField(text, "state", []))}
        label={jobs.allStates}
        current={chosen === undefined}
        count={counts === undefined ? undefined : sum(counts)}
        stale={stale}
      />
      {jobStates.map((state) => (
        <StateLink
          key={state}
          to={jobsLink(setField(text, "state", [state]))}
          label={states[state]}
          state={state}
          current={chosen?.includes(state) ?? false}
          count={counts?.states[state]}
          stale={stale}
        />
      ))}
    </nav>
  );
}

interface StateLinkProps {
  readonly to: string;
  readonly label: string;
  readonly state?: JobState;
  readonly current: boolean;
  readonly count: Counted | undefined;
  readonly stale: boolean;
}

function StateLink({ to, label, state, current, count, stale }: StateLinkProps) {
  const link = useRef<HTMLAnchorElement>(null);
  // The counts make all of them wider.
  const counted = count !== undefined;
  useEffect(() => {
    if (current) link.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [current, counted]);
  const icon: IconName = state ?? "menu";
  return (
    <Link
      ref={link}
      href={to}
      aria-current={current ? "true" : undefined}
      className={`flex shrink-0 items-center gap-2 ${facetLook}`}
    >
      <Icon name={icon} className={state === undefined ? "" : stateClasses[state].mark} />
      <span className="whitespace-nowrap">{label}</span>
      <span className={`ms-auto ps-2 tabular-nums ${stale ? "opacity-60" : ""}`}>
        {count !== undefined && <Count value={count} />}
      </span>
    </Link>
  );
}

/** The states a filter names; undefined when it names none. */
function chosenStates(text: string): readonly JobState[] | undefined {
  const { state } = parseFilter(text, 0).filter;
  return typeof state === "string" ? [state] : state;
}

function sum({ states }: JobCountsAnswer): Counted {
  const all = Object.values(states);
  const count = all.reduce((total, each) => total + each.count, 0);
  return { count, atLeast: all.some(({ atLeast }) => atLeast) };
}
