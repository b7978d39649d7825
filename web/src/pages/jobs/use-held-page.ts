import { useMemo, useState } from "react";
import type { JobsAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { type Selection, useSelection } from "../../components/selection.ts";

/** A page of jobs with its selection. */
export interface HeldPage {
  readonly page: JobsAnswer;
  readonly selection: Selection;
  /** Told whether the mouse is where rows are selected. */
  readonly aim: (aiming: boolean) => void;
}

/**
 * Holds a page of jobs still while some of it is selected, or is about to be: where jobs come in all the time, rows would slip away
 * under the mouse and out of the selection.
 */
export function useHeldPage(newest: JobsAnswer): HeldPage {
  const [held, hold] = useState<JobsAnswer>();
  const page = held ?? newest;
  const ids = useMemo(() => page.jobs.map(({ id }) => id), [page.jobs]);
  const rows = useSelection(ids);
  const selection: Selection = {
    ...rows,
    toggle: (id) => {
      const isLast = rows.ids.length === 1 && rows.has(id);
      hold(isLast ? undefined : page);
      rows.toggle(id);
    },
    toggleTo: (id) => {
      hold(page);
      rows.toggleTo(id);
    },
    replace: (next) => {
      hold(next.length === 0 ? undefined : page);
      rows.replace(next);
    },
  };
  const aim = (aiming: boolean) => {
    if (rows.ids.length === 0) hold(aiming ? page : undefined);
  };
  return { page, selection, aim };
}
