import { useMemo } from "react";
import type { ScheduleRow } from "../../../../src/dashboard/wire/schedules.ts";
import type { Column } from "../../components/data-columns.ts";
import { RelativeTime } from "../../components/relative-time.tsx";
import { TextLink } from "../../components/text-link.tsx";
import type { Catalogue } from "../../text/catalogue.ts";
import { useText } from "../../text/text-context.tsx";
import { NextTick } from "./next-tick.tsx";
import { OutcomeBars } from "./outcome-bars.tsx";
import { RunNowButton } from "./run-now-button.tsx";
import { scheduleLink } from "./schedule-link.ts";
import { ScheduleState } from "./schedule-state.tsx";
import { Timing } from "./timing.tsx";
import { TurnButton } from "./turn-button.tsx";

type Texts = Catalogue["schedules"];

/** The columns of the table of schedules. */
export function useScheduleColumns(): readonly Column<ScheduleRow>[] {
  const { schedules } = useText();
  return useMemo(
    () => [
      nameColumn(schedules),
      ...factColumns(schedules),
      ...timeColumns(schedules),
      actions(schedules),
    ],
    [schedules],
  );
}

const nameColumn = ({ name }: Texts): Column<ScheduleRow> => ({
  id: "name",
  header: name,
  className: "sm:max-w-72",
  cell: (schedule) => (
    <span className="flex min-w-0 flex-col">
      <TextLink to={scheduleLink(schedule.name)} className="font-medium break-words">
        <bdi>{schedule.name}</bdi>
      </TextLink>
      <bdi className="text-xs break-words text-ink-soft">{schedule.job?.name}</bdi>
    </span>
  ),
});

const factColumns = (text: Texts): readonly Column<ScheduleRow>[] => [
  {
    id: "when",
    header: text.when,
    className: "max-sm:col-span-full sm:max-w-72",
    cell: (schedule) => <Timing schedule={schedule} />,
  },
  {
    id: "outcomes",
    header: text.outcomes,
    className: "max-sm:col-span-full sm:max-lg:hidden",
    cell: ({ history }) => <OutcomeBars history={history} />,
  },
  { id: "state", header: text.state, cell: ({ state }) => <ScheduleState state={state} /> },
];

const timeColumns = (text: Texts): readonly Column<ScheduleRow>[] => [
  {
    id: "last",
    header: text.last,
    align: "end",
    className: "sm:max-md:hidden",
    cell: ({ lastAt }) => <RelativeTime at={lastAt} />,
  },
  {
    id: "next",
    header: text.next,
    align: "end",
    cell: ({ nextAt }) => <NextTick at={nextAt} />,
  },
];

const actions = (text: Texts): Column<ScheduleRow> => ({
  id: "actions",
  header: text.actions,
  align: "end",
  cell: (schedule) => (
    <span className="inline-flex">
      <RunNowButton name={schedule.name} small />
      <TurnButton schedule={schedule} small />
    </span>
  ),
});
