import type { JobsAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { useFormats, useText } from "../../text/text-context.tsx";

type SearchedNoteProps = Pick<JobsAnswer, "partial" | "searchedTo">;

/** How far back the jobs were looked at, when that was not to the end. */
export function SearchedNote({ partial, searchedTo }: SearchedNoteProps) {
  const { jobs } = useText();
  const { dateTime } = useFormats();
  if (!partial) return null;
  return <>{searchedTo === null ? jobs.lookedSome : jobs.lookedBack(dateTime(searchedTo))}</>;
}
