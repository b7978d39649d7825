import { setTimeout as sleep } from "node:timers/promises";
import type { Job } from "holdfast";
import { expect, test } from "vitest";
import { type Crew, startCrew } from "./support/crew.ts";
import { leaveMark } from "./support/jobs.mjs";
import { countMarks, openPlace, type Place } from "./support/place.ts";
import { databases, secondsOf } from "./support/settings.ts";
import { until } from "./support/until.ts";

const seconds = secondsOf(5);
const size = 4;
/** Out of step with the ticks, so that kills come at every moment between two of them. */
const killEveryMs = 870;
const drainMs = 30_000;
const name = "each second";

test.for(databases)(
  `incident 24: %s: a schedule of every second with ${size} processes makes one job for each tick while processes are killed`,
  { timeout: (2 * seconds + 120) * 1_000 },
  async (kind, { onTestFinished }) => {
    const place = await openPlace(kind, onTestFinished);
    const { client } = place;
    const crew = await startCrew(place, {
      size,
      options: { lease: "2s", maxCrashes: Number.POSITIVE_INFINITY },
      replace: true,
    });
    const { nextAt: first } = await client.schedules.upsert({
      name,
      cron: "* * * * * *",
      job: leaveMark,
      payload: { workMs: 20 },
    });
    const kills = await killUntil((first ?? 0) + seconds * 1_000 - 1, place, crew);
    await until("the last tick is over", drainMs, async () => {
      const { lastAt: last } = (await client.schedules.get(name)) ?? {};
      return (last ?? 0) >= (first ?? 0) + (seconds - 1) * 1_000;
    });
    await client.schedules.pause(name);
    const { lastAt } = (await client.schedules.get(name)) ?? {};
    await until("all jobs have completed", drainMs, async () => {
      const { completed, ...others } = await client.jobs.count();
      return completed > 0 && Object.values(others).every((count) => count === 0);
    });

    const jobs = await jobsOf(place);
    const ticks = jobs.map(tickOf).sort((a, b) => a - b);
    const expected: number[] = [];
    for (let at = first ?? 0; at <= (lastAt ?? 0); at += 1_000) expected.push(at);
    expect(ticks).toEqual(expected);
    expect(ticks.length).toBeGreaterThanOrEqual(seconds);
    expect(await countMarks(place)).toEqual({ rows: ticks.length, jobs: ticks.length });
    expect(kills).toBeGreaterThanOrEqual(seconds / 2);
    const late = jobs.map((job) => job.createdAt - tickOf(job)).sort((a, b) => a - b);
    expect(late[0]).toBeGreaterThanOrEqual(0);
    console.log(
      `${kind}: ${ticks.length} ticks, ${jobs.length} jobs, ${kills} kills; a tick was fired ${late[late.length >> 1]} ms after its time in the middle, ${late.at(-1)} ms at most`,
    );
  },
);

/** Not when it is due: one that died with its process is due again later. */
function tickOf({ tags }: Job): number {
  const tag = tags.find((each) => each.startsWith("tick:")) ?? "";
  return Date.parse(tag.slice("tick:".length));
}

async function killUntil(end: number, { client }: Place, crew: Crew): Promise<number> {
  let kills = 0;
  while (client.clock.now() < end) {
    await sleep(Math.min(killEveryMs, Math.max(0, end - client.clock.now())));
    const victims = crew.ready();
    const victim = victims[Math.floor(Math.random() * victims.length)];
    if (victim === undefined) continue;
    victim.signal("SIGKILL");
    kills += 1;
  }
  return kills;
}

async function jobsOf({ client }: Place): Promise<readonly Job[]> {
  const found: Job[] = [];
  let after: string | null = null;
  do {
    const page: { readonly jobs: readonly Job[]; readonly next: string | null } =
      await client.jobs.list({
        tag: `schedule:${name}`,
        limit: 1_000,
        ...(after === null ? {} : { after }),
      });
    found.push(...page.jobs);
    after = page.next;
  } while (after !== null);
  return found;
}
