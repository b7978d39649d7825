import type { JobsAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { useFormats, useText } from "../../text/text-context.tsx";

type SearchedNoteProps = Pick<JobsAnswer, "searchedTo">;

/** How far back the jobs were looked at. */
export function SearchedNote({ searchedTo }: SearchedNoteProps) {
  const { jobs } = useText();
  const { dateTime } = useFormats();
  return searchedTo === null ? jobs.lookedSome : jobs.lookedBack(dateTime(searchedTo));
}
