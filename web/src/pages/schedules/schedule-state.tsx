import type { ScheduleRow } from "../../../../src/dashboard/wire/schedules.ts";
import { Chip } from "../../components/chip.tsx";
import { useText } from "../../text/text-context.tsx";

type State = ScheduleRow["state"];

const looks = {
  active: { icon: "check", tone: "plain" },
  failing: { icon: "warning", tone: "danger" },
  paused: { icon: "pause", tone: "warning" },
  ended: { icon: "cancelled", tone: "plain" },
} as const satisfies Readonly<Record<State, object>>;

/** How a schedule stands, as a chip. */
export function ScheduleState({ state }: { readonly state: State }) {
  const { schedules } = useText();
  return <Chip {...looks[state]}>{schedules.states[state]}</Chip>;
}
