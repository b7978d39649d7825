import type { ScheduleDraft } from "./schedule-draft.ts";

/** What the fields of the form get. */
export interface DraftFieldsProps {
  readonly draft: ScheduleDraft;
  readonly wrong: ReadonlySet<keyof ScheduleDraft>;
  readonly onChange: (changes: Partial<ScheduleDraft>) => void;
}
