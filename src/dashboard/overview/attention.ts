import { isLost } from "../../core/serving.ts";
import { writeText } from "../filter/write-value.ts";
import type { Attention } from "../wire/overview.ts";
import type { OverviewFacts } from "./overview-facts.ts";

/** A tick that is later than this is nobody's haste. */
const overdueMs = 60_000;
/** More than anybody reads. */
const mostOfAKind = 20;

const severities = ["problem", "warning", "note"] as const;

/** What somebody should look at, worst first: what keeps jobs from being run, then what went wrong, then what was done on purpose. */
export function attentionTo(facts: OverviewFacts): readonly Attention[] {
  const found = [
    doctor(facts),
    unserved(facts),
    failing(facts),
    overdue(facts),
    silent(facts),
    undeclared(facts),
    discarded(facts),
    rescued(facts),
    cooling(facts),
    versions(facts),
    paused(facts),
  ].flatMap((kind) => kind.slice(0, mostOfAKind));
  return severities.flatMap((severity) => found.filter((each) => each.severity === severity));
}

function doctor({ findings = [] }: OverviewFacts): readonly Attention[] {
  return findings
    .filter(({ level }) => level === "error")
    .map(({ code, title }) =>
      entry("doctor", "problem", { subject: code, text: `${title}.`, link: "health" }),
    );
}

/** One that is paused has jobs waiting on purpose. */
function unserved({ queues }: OverviewFacts): readonly Attention[] {
  return queues
    .filter((queue) => queue.unserved && !queue.paused)
    .map(({ name, available, blocked, scheduled }) =>
      entry("queue-unserved", "problem", {
        subject: name,
        count: available + blocked + scheduled,
        text: `Jobs wait in ${name}, and no worker takes jobs of it.`,
        link: jobsOf(`queue:${writeText(name)}`),
      }),
    );
}

function failing({ schedules }: OverviewFacts): readonly Attention[] {
  return schedules
    .filter(({ state }) => state === "failing")
    .map(({ name, failure }) =>
      entry("schedule-failing", "problem", {
        subject: name,
        count: failure?.tries ?? null,
        text: `The ticks of ${name} make no jobs: ${failure?.code ?? "they fail"}.`,
        link: `schedules/${encodeURIComponent(name)}`,
      }),
    );
}

function overdue({ schedules, now }: OverviewFacts): readonly Attention[] {
  return schedules
    .filter(
      ({ state, nextAt }) => state === "active" && nextAt !== null && now - nextAt > overdueMs,
    )
    .map(({ name }) =>
      entry("schedule-overdue", "problem", {
        subject: name,
        text: `${name} is due, and no worker fires it.`,
        link: `schedules/${encodeURIComponent(name)}`,
      }),
    );
}

/** Half a lease without a heartbeat is more than a late one; after a whole one its jobs are taken away. */
function silent({ workers }: OverviewFacts): readonly Attention[] {
  return workers
    .filter(({ lastBeatMs, leaseMs }) => lastBeatMs !== null && lastBeatMs > leaseMs / 2)
    .map((worker) =>
      entry("worker-silent", isLost(worker) ? "problem" : "warning", {
        subject: worker.id,
        text: `Worker ${worker.id} on ${worker.host} sends no heartbeats.`,
        link: "workers",
      }),
    );
}

function undeclared({ gates, limits }: OverviewFacts): readonly Attention[] {
  const declared = new Set(limits.map(({ scope }) => scope));
  const wanted = new Set(gates.flatMap((gate) => scopeOf(gate) ?? []));
  return [...wanted]
    .filter((scope) => !declared.has(scope))
    .map((scope) =>
      entry("limit-undeclared", "problem", {
        subject: scope,
        text: `Jobs wait for the limit ${scope}, which nobody has declared.`,
        link: "limits",
      }),
    );
}

/** Gates of limits are `limit:SCOPE` and `limit:SCOPE:KEY`. */
function scopeOf(gate: string): string | undefined {
  return /^limit:([^:]+)/.exec(gate)?.[1];
}

function discarded({ lastHour }: OverviewFacts): readonly Attention[] {
  return byQueue(lastHour, "discarded").map(([queue, count]) =>
    entry("jobs-discarded", "warning", {
      subject: queue,
      count,
      text: `Jobs of ${queue} were given up in the last hour.`,
      link: jobsOf(`state:discarded queue:${writeText(queue)} finished:<1h`),
    }),
  );
}

function rescued({ lastHour }: OverviewFacts): readonly Attention[] {
  return byQueue(lastHour, "rescued").map(([queue, count]) =>
    entry("jobs-rescued", "warning", {
      subject: queue,
      count,
      text: `Jobs of ${queue} were brought back from workers that died in the last hour.`,
      link: jobsOf(`queue:${writeText(queue)} rescued:true`),
    }),
  );
}

function cooling({ queues, now }: OverviewFacts): readonly Attention[] {
  return queues
    .filter(({ closedUntil }) => closedUntil !== null && closedUntil > now)
    .map(({ name }) =>
      entry("queue-cooling", "note", {
        subject: name,
        text: `${name} cools down: one of its handlers was told to wait.`,
        link: queuePage(name),
      }),
    );
}

function versions({ workers }: OverviewFacts): readonly Attention[] {
  const said = [...new Set(workers.flatMap(({ version }) => version ?? []))].toSorted(byText);
  if (said.length < 2) return [];
  return [
    entry("worker-version", "warning", {
      subject: said.join(", "),
      count: said.length,
      text: "The workers run different versions of Holdfast.",
      link: "workers",
    }),
  ];
}

function paused({ queues }: OverviewFacts): readonly Attention[] {
  return queues
    .filter((queue) => queue.paused)
    .map(({ name, available, blocked, changedBy }) =>
      entry("queue-paused", "note", {
        subject: name,
        count: available + blocked,
        text: `${name} is paused${changedBy === null ? "" : ` by ${changedBy}`}.`,
        link: queuePage(name),
      }),
    );
}

function entry(
  kind: Attention["kind"],
  severity: Attention["severity"],
  { count = null, ...about }: Pick<Attention, "subject" | "text" | "link"> & Partial<Attention>,
): Attention {
  return { kind, severity, ...about, count };
}

/** Queues in which something happened, the most first. */
function byQueue(
  entries: OverviewFacts["lastHour"],
  what: "discarded" | "rescued",
): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { queue, [what]: count } of entries) {
    if (count > 0) counts.set(queue, (counts.get(queue) ?? 0) + count);
  }
  return [...counts].toSorted(([, one], [, other]) => other - one);
}

function byText(one: string, other: string): number {
  return one < other ? -1 : 1;
}

const queuePage = (name: string): string => `queues/${encodeURIComponent(name)}`;
const jobsOf = (filter: string): string => `jobs?q=${encodeURIComponent(filter)}`;
