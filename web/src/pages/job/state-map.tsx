import type { JobState } from "../../../../src/core/job.ts";
import type { JobAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { Icon } from "../../components/icon.tsx";
import { stateClasses } from "../../components/job-states.ts";
import { RelativeTime } from "../../components/relative-time.tsx";
import { useText } from "../../text/text-context.tsx";
import { type StateVisits, stateVisits } from "./state-visits.ts";

/** Where each state lies: columns in the order of a job's life, rows of their alternatives. */
const places: Readonly<Record<JobState, readonly [column: number, row: number]>> = {
  scheduled: [0, 0],
  retryable: [0, 2],
  blocked: [1, 0],
  available: [1, 1],
  running: [2, 1],
  completed: [3, 0],
  cancelled: [3, 1],
  discarded: [3, 2],
};

const ways: readonly (readonly [JobState, JobState])[] = [
  ["scheduled", "available"],
  ["scheduled", "blocked"],
  ["retryable", "available"],
  ["blocked", "running"],
  ["available", "running"],
  ["running", "completed"],
  ["running", "cancelled"],
  ["running", "discarded"],
  ["running", "retryable"],
];

const columns = 4;
const rows = 3;
/** The share of a column a state takes; the rest is for the lines. */
const width = 0.8;

/** All states with the ways between them: those the job has been in are coloured, the one it is in is marked. */
export function StateMap({ job }: { readonly job: JobAnswer }) {
  const { job: text, states } = useText();
  const visits = stateVisits(job);
  return (
    <div
      role="group"
      aria-label={text.map.map(states[job.state])}
      className="relative h-48 max-sm:hidden"
    >
      <Ways visits={visits} />
      {(Object.keys(places) as JobState[]).map((state) => (
        <StateBox key={state} state={state} at={visits[state]} isCurrent={state === job.state} />
      ))}
    </div>
  );
}

interface StateBoxProps {
  readonly state: JobState;
  readonly at: number | undefined;
  readonly isCurrent: boolean;
}

function StateBox({ state, at, isCurrent }: StateBoxProps) {
  const { states } = useText();
  const [column, row] = places[state];
  const look =
    at === undefined
      ? "border-line bg-surface text-ink-soft"
      : `border-current ${stateClasses[state].badge}`;
  return (
    <div
      aria-current={isCurrent ? "step" : undefined}
      style={{
        left: `${((column + (1 - width) / 2) / columns) * 100}%`,
        top: `${((row + 0.5) / rows) * 100}%`,
        width: `${(width / columns) * 100}%`,
      }}
      className={`absolute flex h-12 -translate-y-1/2 items-center gap-1.5 rounded-lg border px-2 max-xl:text-xs xl:gap-2 xl:px-3 ${look} ${isCurrent ? "outline-2 outline-offset-2 outline-current" : ""}`}
    >
      <Icon name={state} className={isCurrent && state === "running" ? "animate-pulse" : ""} />
      <span className="min-w-0 leading-tight">
        <span className={`block truncate ${isCurrent ? "font-semibold" : ""}`}>
          {states[state]}
        </span>
        {at !== undefined && (
          <span className="block truncate text-xs">
            <RelativeTime at={at} />
          </span>
        )}
      </span>
    </div>
  );
}

function Ways({ visits }: { readonly visits: StateVisits }) {
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${columns} ${rows}`}
      preserveAspectRatio="none"
      className="absolute inset-0 size-full"
    >
      {ways.map(([from, to]) => {
        const gone = visits[from] !== undefined && visits[to] !== undefined;
        return (
          <path
            key={`${from}${to}`}
            d={wayPath(from, to)}
            fill="none"
            vectorEffect="non-scaling-stroke"
            strokeWidth={gone ? 2 : 1}
            className={gone ? "stroke-accent" : "stroke-line"}
          />
        );
      })}
    </svg>
  );
}

/** A curve from the end of one state to the beginning of another; backwards it leaves from below. */
function wayPath(from: JobState, to: JobState): string {
  const [fromColumn, fromRow] = places[from];
  const [toColumn, toRow] = places[to];
  const half = width / 2;
  const end = [toColumn + 0.5, toRow + 0.5] as const;
  if (toColumn < fromColumn) {
    const x = fromColumn + 0.5;
    return `M${x} ${fromRow + 0.5}C${x} ${end[1]} ${x} ${end[1]} ${end[0] + half} ${end[1]}`;
  }
  const start = [fromColumn + 0.5 + half, fromRow + 0.5] as const;
  const middle = (start[0] + end[0] - half) / 2;
  return `M${start[0]} ${start[1]}C${middle} ${start[1]} ${middle} ${end[1]} ${end[0] - half} ${end[1]}`;
}
