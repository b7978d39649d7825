import type { JobAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { Duration, Elapsed } from "../../components/duration.tsx";
import { Icon } from "../../components/icon.tsx";
import type { IconName } from "../../components/icons.ts";
import { RelativeTime } from "../../components/relative-time.tsx";
import { useNow } from "../../live/clock.ts";
import type { Catalogue } from "../../text/catalogue.ts";
import { useText } from "../../text/text-context.tsx";
import { type Moment, timeline } from "./timeline.ts";

/** What happened to a job in order, with how long it took from one to the next. */
export function TimelineList({ job }: { readonly job: JobAnswer }) {
  const text = useText();
  const moments = timeline(job);
  return (
    <ol
      aria-label={text.job.timeline.label}
      className="mt-4 flex flex-wrap items-stretch gap-y-2 max-sm:mt-0 max-sm:flex-col"
    >
      {moments.map((moment, index) => {
        const before = moments[index - 1];
        return (
          <li key={index} className="flex max-sm:flex-col">
            {before !== undefined && <Gap from={before} to={moment} />}
            <div className="flex items-center gap-2 rounded-lg border border-line px-2.5 py-1.5">
              <Icon name={iconOf(moment)} className={`text-ink-soft ${toneOf(moment)}`} />
              <span className="leading-tight">
                <span className="block text-xs font-medium">{titleOf(moment, text)}</span>
                {moment.kind !== "earlier" && (
                  <span className="block text-xs text-ink-soft">
                    <RelativeTime at={moment.at} />
                  </span>
                )}
              </span>
            </div>
          </li>
        );
      })}
      {job.state === "running" && job.claimedAt !== null && <OpenGap since={job.claimedAt} />}
    </ol>
  );
}

const gapLook =
  "flex items-center px-2 text-xs text-ink-soft max-sm:py-1 before:me-1 before:h-px before:w-3 before:bg-line-strong after:ms-1 after:h-px after:w-3 after:bg-line-strong max-sm:before:hidden max-sm:after:hidden";

function Gap({ from, to }: { readonly from: Moment; readonly to: Moment }) {
  const { timeline: text } = useText().job;
  const now = useNow();
  if (from.kind === "earlier" || to.kind === "earlier") return <span className={gapLook} />;
  if (to.kind === "due" && to.at > now) {
    return (
      <span className={gapLook}>
        <Duration ms={Math.ceil((to.at - now) / 1_000) * 1_000} />
        &nbsp;{text.toGo}
      </span>
    );
  }
  return (
    <span className={gapLook}>
      <Duration ms={Math.max(0, to.at - from.at)} />
    </span>
  );
}

/** Nothing in the first second: there is no length of time yet. */
function OpenGap({ since }: { readonly since: number }) {
  const { timeline: text } = useText().job;
  if (useNow() - since < 1_000) return null;
  return (
    <li className={gapLook}>
      <Elapsed since={since} />
      &nbsp;{text.soFar}
    </li>
  );
}

function iconOf(moment: Moment): IconName {
  switch (moment.kind) {
    case "created":
      return "plus";
    case "due":
      return "scheduled";
    case "began":
      return "running";
    case "earlier":
      return "more";
    case "finished":
      return moment.state;
    case "ended":
      return endIcons[moment.how];
  }
}

const endIcons = {
  completed: "completed",
  rescheduled: "scheduled",
  snoozed: "scheduled",
  throttled: "pause",
  released: "undo",
  failed: "discarded",
  "timed-out": "discarded",
  crashed: "warning",
  cancelled: "cancelled",
  discarded: "discarded",
} as const;

function toneOf(moment: Moment): string {
  const how = moment.kind === "ended" ? endIcons[moment.how] : undefined;
  if (how === "discarded" || how === "warning") return "text-danger";
  return how === "completed" ? "text-completed" : "";
}

function titleOf(moment: Moment, { job, states }: Catalogue): string {
  const { timeline: text, how } = job;
  switch (moment.kind) {
    case "created":
      return text.created;
    case "due":
      return text.due;
    case "began":
      return text.began(moment.attempt);
    case "ended":
      return text.ended(moment.attempt, how[moment.how]);
    case "finished":
      return text.finished(states[moment.state]);
    case "earlier":
      return text.earlier(moment.count);
  }
}
