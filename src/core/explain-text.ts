import { formatDuration } from "./duration.ts";
import type { JobReason } from "./job-reason.ts";
import { counted } from "./phrases.ts";

/** Names at most so many of many. */
const named = 3;

/** A reason as a sentence for people. */
export function sentenceOf(reason: JobReason, now: number): string {
  switch (reason.kind) {
    case "database-read-only":
      return "The database takes no writes now, so nothing is claimed.";
    case "schema-behind":
      return `The database's schema is at migration ${reason.current} of ${reason.latest}: workers of this version do not start on it. Run npx holdfast migrate.`;
    case "scheduled":
      return reason.until > now
        ? `It is not due until ${moment(reason.until, now)}.`
        : `It has been due since ${overdue(reason.until, now)}.`;
    case "backoff":
      return reason.until > now
        ? `Attempt ${reason.attempt} failed; the next is not before ${moment(reason.until, now)}.`
        : `Attempt ${reason.attempt} failed; the next has been due since ${overdue(reason.until, now)}.`;
    case "queue-paused":
      return `Its queue ${quoted(reason.queue)} is paused.`;
    case "queue-cooling":
      return `Its queue ${quoted(reason.queue)} cools down until ${moment(reason.until, now)}: a handler throttled it.`;
    case "queue-full":
      return `Its queue ${quoted(reason.queue)} runs ${reason.running} of at most ${reason.maxRunning} jobs (maxRunning).`;
    case "queue-unserved":
      return unserved(reason);
    case "no-handler":
      return `No live worker of its queue has a handler for ${quoted(reason.name)}: ${workers(reason.workers)} ${reason.workers.length === 1 ? "has" : "have"} none.`;
    case "payload-too-new":
      return `Its payload has version ${reason.version}, and the handlers of ${workers(reason.workers)} understand ${reason.understood} at most: it waits for newer code.`;
    case "unique-held":
      return `A retry by hand is refused while job ${reason.holder} holds its unique key ${quoted(reason.key)}.`;
    default:
      return waitingOrBeyond(reason, now);
  }
}

type Others = Extract<
  JobReason,
  {
    kind:
      | "blocked"
      | "rate-limited"
      | "limit-undeclared"
      | "ready"
      | "places-taken"
      | "held-alone"
      | "running"
      | "cancelling"
      | "worker-lost"
      | "finished";
  }
>;

function waitingOrBeyond(reason: Others, now: number): string {
  switch (reason.kind) {
    case "blocked":
      return blocked(reason);
    case "rate-limited":
      return `The rate of ${gateName(reason.gate)} lets the next one through at ${moment(reason.until, now)}${behind(reason.ahead)}.`;
    case "limit-undeclared":
      return `The limit ${quoted(reason.scope)} was never declared, so nobody is let in through it: name it in a definition or in client.limits.declare.`;
    case "ready":
      return `It is ready, and ${workers(reason.workers)} may take it${behind(reason.ahead)}${soon(reason.estimateMs)}.`;
    case "places-taken":
      return `All places of ${workers(reason.workers)} are taken: ${counted(reason.running, "job", "jobs")} of ${quoted(reason.queue)} ${reason.running === 1 ? "runs" : "run"} there. ${inLine(reason)}`;
    case "held-alone":
      return `${list(reason.heldBy.map(({ job, worker }) => `Job ${job} on worker ${worker}`))} crashed before, so nothing is started beside it until it has ended. ${inLine(reason)}`;
    case "running":
      return `It runs on ${workers([reason.worker])}${reason.host === null ? "" : ` at ${reason.host}`}${reason.since === null ? "" : ` since ${moment(reason.since, now)}`}.`;
    case "cancelling":
      return `It was asked to stop${reason.request.by === null ? "" : ` by ${reason.request.by}`}: ${reason.request.why}`;
    case "worker-lost":
      return reason.silentMs === null
        ? `Its ${workers([reason.worker])} is gone: any live worker rescues it within seconds.`
        : `Its ${workers([reason.worker])} has been silent for ${rounded(reason.silentMs)}, longer than its lease: any live worker rescues it.`;
    case "finished":
      return `It was ${reason.state}${reason.at === null ? "" : ` at ${moment(reason.at, now)}`}${reason.reason === null ? "." : `: ${reason.reason.message}`}`;
  }
}

function blocked({ gate, heldBy, ahead }: Extract<JobReason, { kind: "blocked" }>): string {
  const name = gate === null ? "its gate" : gateName(gate);
  if (heldBy.length === 0) return `It is about to be let in through ${name}${behind(ahead)}.`;
  const holders = heldBy.map(({ job, worker, host }) => {
    const at = host === null ? "" : ` at ${host}`;
    return `job ${job} ${worker === null ? "(not started)" : `on worker ${worker}${at}`}`;
  });
  return `${name[0]?.toUpperCase()}${name.slice(1)} is held by ${list(holders)}${behind(ahead)}.`;
}

function gateName(gate: string): string {
  const [kind = "", ...rest] = gate.split(":");
  return `${kind === "lane" ? "the lane" : "the limit"} ${quoted(rest.join(":"))}`;
}

function unserved({
  queue,
  draining,
  lost,
}: Extract<JobReason, { kind: "queue-unserved" }>): string {
  if (draining.length + lost.length === 0)
    return `No live worker serves its queue ${quoted(queue)}.`;
  const whys = [
    ...(draining.length > 0
      ? [`${workers(draining)} ${draining.length === 1 ? "drains" : "drain"}`]
      : []),
    ...(lost.length > 0
      ? [
          `${workers(lost)} ${lost.length === 1 ? "has" : "have"} been silent for longer than the lease`,
        ]
      : []),
  ];
  return `No worker takes jobs of its queue ${quoted(queue)}: ${whys.join(", and ")}.`;
}

function inLine({
  ahead,
  estimateMs,
}: Extract<JobReason, { kind: "places-taken" | "held-alone" }>): string {
  return `It is number ${ahead + 1} in line${soon(estimateMs)}.`;
}

function behind(ahead: number): string {
  return ahead === 0 ? "" : `; ${ahead} ${ahead === 1 ? "job goes" : "jobs go"} before it`;
}

function soon(ms: number | null): string {
  return ms === null ? "" : `, about ${rounded(ms)} from now by what ended of late`;
}

function workers(ids: readonly string[]): string {
  return `${ids.length === 1 ? "worker" : "workers"} ${list(ids)}`;
}

function list(texts: readonly string[]): string {
  const shown = texts.slice(0, named);
  const more = texts.length - shown.length;
  return more === 0 ? shown.join(", ") : `${shown.join(", ")} and ${more} more`;
}

function quoted(name: string): string {
  return JSON.stringify(name);
}

function overdue(at: number, now: number): string {
  return `${moment(at, now)}; any live worker makes it available`;
}

function moment(at: number, now: number): string {
  const distance = rounded(Math.abs(at - now));
  return `${new Date(at).toISOString()} (${at > now ? `in ${distance}` : `${distance} ago`})`;
}

/** Two digits of it say enough. */
function rounded(ms: number): string {
  if (ms < 1_000) return `${ms}ms`;
  const unit =
    ms < 120_000 ? 1_000 : ms < 7_200_000 ? 60_000 : ms < 172_800_000 ? 3_600_000 : 86_400_000;
  return formatDuration(Math.round(ms / unit) * unit);
}
