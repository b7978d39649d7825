import { Link } from "wouter";
import type { JobRow } from "../../../../src/dashboard/wire/jobs.ts";
import { Chip } from "../../components/chip.tsx";
import { useText } from "../../text/text-context.tsx";

/** What a job is about, in two lines: its name, and its payload or what went wrong. */
export function JobLine({ job }: { readonly job: JobRow }) {
  const { id, name, payload, error } = job;
  return (
    <div className="min-w-0 flex-1">
      <div className="flex min-w-0 items-baseline gap-2">
        <Link href={`/jobs/${id}`} className="truncate font-semibold hover:underline">
          <bdi>{name}</bdi>
        </Link>
        <span className="text-xs text-ink-soft">{id}</span>
        <JobMarks job={job} />
      </div>
      <p className="truncate font-mono text-xs text-ink-soft" title={payload}>
        <bdi dir="ltr">{payload}</bdi>
      </p>
      {error !== null && (
        <p className="truncate text-xs text-danger" title={error}>
          <bdi>{error}</bdi>
        </p>
      )}
    </div>
  );
}

const mostTags = 3;

/** What is special about a job. */
function JobMarks({ job }: { readonly job: JobRow }) {
  const { jobs } = useText();
  const { crashes, cancelling, tags } = job;
  return (
    <span className="flex min-w-0 gap-1">
      {crashes > 0 && (
        <Chip icon="warning" tone="warning">
          {jobs.crashes(crashes)}
        </Chip>
      )}
      {cancelling && <Chip tone="warning">{jobs.cancelling}</Chip>}
      {tags.slice(0, mostTags).map((tag) => (
        <span key={tag} className="max-w-32 min-w-8 shrink max-sm:hidden">
          <Chip title={tag}>{tag}</Chip>
        </span>
      ))}
      {tags.length > mostTags && <Chip title={tags.join("\n")}>+{tags.length - mostTags}</Chip>}
    </span>
  );
}
