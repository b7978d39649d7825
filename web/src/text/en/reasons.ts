import { gateName, type ReasonWords, type Say } from "../reason-words.ts";

const behind = (ahead: number, say: Say): string =>
  ahead === 0 ? "" : `; ${say.number(ahead)} ${ahead === 1 ? "other goes" : "others go"} before it`;

const soon = (ms: number | null, say: Say): string =>
  ms === null ? "" : `, in about ${say.duration(ms)} by what ended of late`;

const place = (
  { ahead, estimateMs }: { readonly ahead: number; readonly estimateMs: number | null },
  say: Say,
): string => `It is number ${say.number(ahead + 1)} in line${soon(estimateMs, say)}.`;

const workers = (ids: readonly string[], say: Say): string =>
  `${ids.length === 1 ? "worker" : "workers"} ${say.list(ids)}`;

const gate = (text: string): string => {
  const { isLane, name } = gateName(text);
  return `the ${isLane ? "lane" : "limit"} ${name}`;
};

/** Why a job is where it is. */
export const reasons: ReasonWords = {
  "database-read-only": () => "The database takes no writes now, so nothing is claimed.",
  "schema-behind": ({ current, latest }) =>
    `The database's schema is at step ${current} of ${latest}: workers of this version do not start on it. Run npx holdfast migrate.`,
  scheduled: ({ until }, say) =>
    say.isPast(until)
      ? `It was due ${say.relative(until)}; any live worker makes it available.`
      : `It is due ${say.relative(until)}.`,
  backoff: ({ until, attempt }, say) =>
    say.isPast(until)
      ? `Attempt ${attempt} failed; the next was due ${say.relative(until)}, and any live worker makes it available.`
      : `Attempt ${attempt} failed; the next is due ${say.relative(until)}.`,
  "queue-paused": ({ queue }) => `Its queue ${queue} is paused.`,
  "queue-cooling": ({ queue, until }, say) =>
    `A handler throttled its queue ${queue}, which opens again ${say.relative(until)}.`,
  "queue-full": ({ queue, running, maxRunning }, say) =>
    `Its queue ${queue} runs ${say.number(running)} of at most ${say.number(maxRunning)} jobs at once.`,
  "queue-unserved": ({ queue, draining, lost }, say) => {
    const whys = [
      ...(draining.length > 0 ? [`finishing up: ${workers(draining, say)}`] : []),
      ...(lost.length > 0 ? [`silent for longer than the lease: ${workers(lost, say)}`] : []),
    ];
    const begin = `No live worker takes jobs of its queue ${queue}`;
    return whys.length === 0 ? `${begin}.` : `${begin} (${whys.join("; ")}).`;
  },
  "no-handler": ({ name, workers: ids }, say) =>
    `No live worker of its queue has a handler for ${name}: ${workers(ids, say)} ${ids.length === 1 ? "has" : "have"} none.`,
  "payload-too-new": ({ version, understood, workers: ids }, say) =>
    `Its payload has version ${version}; the handlers of ${workers(ids, say)} understand ${understood} at most. It waits for newer code.`,
  blocked: ({ gate: name, heldBy, ahead }, say) => {
    const where = name === null ? "its gate" : gate(name);
    if (heldBy.length === 0)
      return `It is about to be let in through ${where}${behind(ahead, say)}.`;
    const holders = heldBy.map(({ job, worker }) =>
      worker === null ? `job ${job}, which has not started` : `job ${job} on worker ${worker}`,
    );
    return `It waits for ${where}, held by ${say.list(holders)}${behind(ahead, say)}.`;
  },
  "rate-limited": ({ gate: name, until, ahead }, say) =>
    `The rate of ${gate(name)} lets the next one through ${say.relative(until)}${behind(ahead, say)}.`,
  "limit-undeclared": ({ scope }) =>
    `The limit ${scope} was never declared, so nobody is let in through it: name it in a definition or in client.limits.declare.`,
  ready: ({ workers: ids, ahead, estimateMs }, say) =>
    `Nothing is in its way: ${workers(ids, say)} may take it${behind(ahead, say)}${soon(estimateMs, say)}.`,
  "places-taken": ({ workers: ids, queue, running, ...line }, say) =>
    `All places of ${workers(ids, say)} are taken: ${say.number(running)} of ${queue} ${running === 1 ? "runs" : "run"} there. ${place(line, say)}`,
  "held-alone": ({ heldBy, ...line }, say) => {
    const holders = heldBy.map(({ job, worker }) => `job ${job} on worker ${worker}`);
    return `Nothing is started beside a job that crashed before, until it has ended: ${say.list(holders)}. ${place(line, say)}`;
  },
  running: ({ worker, host, since }, say) =>
    `It runs on worker ${worker}${host === null ? "" : ` at ${host}`}${since === null ? "" : `, begun ${say.relative(since)}`}.`,
  cancelling: ({ request: { by, why, at } }, say) =>
    `It was asked to stop ${say.relative(at)}${by === null ? "" : ` by ${by}`}: ${why}`,
  "worker-lost": ({ worker, silentMs }, say) =>
    silentMs === null
      ? `Its worker ${worker} is gone: any live worker rescues it within seconds.`
      : `Its worker ${worker} has been silent for ${say.duration(silentMs)}, longer than its lease: any live worker rescues it.`,
  finished: ({ state, at, reason }, say) =>
    `It was ${state}${at === null ? "" : ` ${say.relative(at)}`}${reason === null ? "." : `: ${reason.message}`}`,
  "unique-held": ({ key, holder }) =>
    `A retry by hand is refused while job ${holder} holds its unique key ${key}.`,
};
