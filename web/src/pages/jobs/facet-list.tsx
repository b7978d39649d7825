import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { setField } from "../../../../src/dashboard/filter/change.ts";
import { Button } from "../../components/button.tsx";
import { useFormats, useText } from "../../text/text-context.tsx";
import { facetLook } from "./facet-look.ts";
import { jobsLink } from "./jobs-link.ts";

/** Something to filter by, with what is known of it. */
export interface Facet {
  /** As the filter names it. */
  readonly value: string;
  readonly label: string;
  /** What it is about, beyond its label. */
  readonly title?: string;
  readonly mark?: ReactNode;
  readonly numbers: readonly {
    readonly label: string;
    readonly value: ReactNode;
  }[];
}

interface FacetListProps {
  readonly text: string;
  readonly field: string;
  /** What the filter asks of the field. */
  readonly chosen: readonly string[];
  readonly facets: readonly Facet[];
  readonly empty: string;
}

/** As many as are looked through without a search; those that are chosen are there besides. */
const most = 12;

/** Lines that set one field of the filter; the one that is set takes it away again. */
export function FacetList({ text, field, chosen, facets, empty }: FacetListProps) {
  const { jobs } = useText();
  const { number } = useFormats();
  const [all, setAll] = useState(false);
  const isLong = facets.length > most;
  const shown =
    isLong && !all
      ? facets.filter(({ value }, index) => index < most || chosen.includes(value))
      : facets;
  if (facets.length === 0) return <p className="px-2.5 py-1.5 text-xs text-ink-soft">{empty}</p>;
  return (
    <>
      <ul>
        {shown.map((facet) => {
          const current = chosen.includes(facet.value);
          const to = jobsLink(setField(text, field, current ? [] : [facet.value]));
          return (
            <li key={facet.value}>
              <FacetLine facet={facet} to={to} current={current} />
            </li>
          );
        })}
      </ul>
      {isLong && (
        <Button tone="quiet" className="text-xs" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? jobs.sidebar.fewer : jobs.sidebar.all(number(facets.length))}
        </Button>
      )}
    </>
  );
}

interface FacetLineProps {
  readonly facet: Facet;
  readonly to: string;
  readonly current: boolean;
}

function FacetLine({ facet, to, current }: FacetLineProps) {
  const { value, label, title = label, mark, numbers } = facet;
  return (
    <Link
      href={to}
      aria-current={current ? "true" : undefined}
      title={title}
      data-facet={value}
      className={`flex items-center gap-1 text-xs ${facetLook}`}
    >
      <span className="flex min-w-0 flex-1 items-center gap-1.5">
        <bdi className="truncate">{label}</bdi>
        {mark}
      </span>
      {numbers.map((each) => (
        <span key={each.label} className="min-w-11 text-end tabular-nums">
          <span className="sr-only">{each.label}: </span>
          {each.value}
        </span>
      ))}
    </Link>
  );
}
