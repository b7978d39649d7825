import { useMemo } from "react";
import type { QueueRow } from "../../../../src/dashboard/wire/queues.ts";
import { Count } from "../../components/count.tsx";
import type { Column } from "../../components/data-columns.ts";
import { Sparkline } from "../../components/sparkline.tsx";
import { TextLink } from "../../components/text-link.tsx";
import type { Catalogue } from "../../text/catalogue.ts";
import { useText } from "../../text/text-context.tsx";
import { PauseButton } from "./pause-button.tsx";
import { queueLink } from "./queue-link.ts";
import { QueueMarks } from "./queue-marks.tsx";
import { Utilisation } from "./utilisation.tsx";

/** The columns of the table of queues. */
export function useQueueColumns(): readonly Column<QueueRow>[] {
  const { queues } = useText();
  return useMemo(
    () => [nameColumn(queues), ...activityColumns(queues), ...countColumns(queues), ends(queues)],
    [queues],
  );
}

type Texts = Catalogue["queues"];

const nameColumn = ({ name }: Texts): Column<QueueRow> => ({
  id: "name",
  header: name,
  className: "sm:max-w-80",
  cell: (queue) => (
    <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
      <TextLink to={queueLink(queue.name)} className="min-w-0 font-medium break-words">
        <bdi>{queue.name}</bdi>
      </TextLink>
      <QueueMarks queue={queue} />
    </span>
  ),
});

const activityColumns = (text: Texts): readonly Column<QueueRow>[] => [
  {
    id: "use",
    header: text.use,
    className: "max-sm:col-span-6 sm:w-36",
    cell: (queue) => <Utilisation queue={queue} />,
  },
  {
    id: "history",
    header: text.history,
    className: "max-sm:col-span-6 sm:max-lg:hidden sm:w-36",
    cell: ({ history }) => <Sparkline values={history} label={text.historyLabel} />,
  },
];

const countColumns = (text: Texts): readonly Column<QueueRow>[] =>
  (["available", "blocked", "scheduled"] as const).map((state) => ({
    id: state,
    header: text[state],
    align: "end",
    className: state === "blocked" ? "sm:max-md:hidden" : "",
    cell: (queue) => <Count value={queue[state]} />,
  }));

const ends = (text: Texts): Column<QueueRow> => ({
  id: "actions",
  header: text.actions,
  align: "end",
  cell: (queue) => <PauseButton queue={queue} small />,
});
