import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { expect, test } from "vitest";
import { openHandle } from "../support/sqlite-handle.ts";
import { allJobs } from "./support/all-jobs.ts";
import { type Crew, reportsOf, startCrew } from "./support/crew.ts";
import { leaveMark } from "./support/jobs.mjs";
import { countMarks, type EmptyPlace, emptyPlace, markTable, openAt } from "./support/place.ts";
import { hasPrevious, previousWorker } from "./support/previous-build.ts";
import { databases, secondsOf, stress } from "./support/settings.ts";
import { until } from "./support/until.ts";

const seconds = secondsOf(6);
const options = { lease: "2s", maxCrashes: Number.POSITIVE_INFINITY } as const;
const batch = 10;

/** Compiling the previous version takes longer than the short form of the whole suite has time for. */
const skipped = !stress || !hasPrevious;

test.skipIf(skipped).for(databases)(
  "%s: workers of the previous version go on beside new ones while the schema is upgraded under them",
  { timeout: (seconds + 240) * 1_000 },
  async (kind, { onTestFinished }) => {
    const empty = await emptyPlace(kind, onTestFinished);
    await runAlone(empty, markTable);
    const program = await previousWorker(kind);
    const old = await startCrew(empty, { size: 2, options, replace: true, program });
    const stepBefore = await newestStep(empty);
    let over = false;
    const load = { asked: 0 };
    const feeding = [keepFeeding(old, load, () => over)];
    await sleep(1_000);

    // The first client of the new version brings the schema up to date, in the middle of all this.
    const place = await openAt(empty);
    expect(await newestStep(empty)).toBe(stepBefore + 1);
    const upgradedAt = performance.now();
    const fresh = await startCrew(place, { size: 2, options, replace: true });
    feeding.push(keepFeeding(fresh, load, () => over));
    await sleep((seconds * 1_000) / 2);
    // Each rescues what the other has left.
    old.alive()[0]?.signal("SIGKILL");
    await sleep(500);
    fresh.alive()[0]?.signal("SIGKILL");
    await sleep((seconds * 1_000) / 2);
    over = true;
    await Promise.all(feeding);

    await until("every job has finished", 60_000, async () => {
      const count = await place.client.jobs.count();
      const open = count.available + count.scheduled + count.retryable + count.blocked;
      return open + count.running === 0;
    });
    const jobs = await allJobs(place.client);
    expect(jobs.filter(({ state }) => state !== "completed")).toEqual([]);
    expect(jobs.length).toBe(load.asked);
    expect(await countMarks(place)).toEqual({ rows: jobs.length, jobs: jobs.length });
    for (const crew of [old, fresh]) {
      expect(crew.deaths.map(({ signal }) => signal)).toEqual(["SIGKILL"]);
      const began = reportsOf(crew, "began").filter(({ at }) => at > upgradedAt);
      expect(began.length).toBeGreaterThan(batch);
    }
    await Promise.all([old.stop(), fresh.stop()]);
    console.log(`${kind}: ${jobs.length} jobs by two versions, the schema upgraded under them`);
  },
);

test.skipIf(!stress || hasPrevious)(
  "the previous version is not in this clone: fetch its history to test an upgrade",
  () => {},
);

/** Has a crew's own processes enqueue: plain jobs, keys, lanes and delays, by whatever version they are of. */
async function keepFeeding(
  crew: Crew,
  load: { asked: number },
  over: () => boolean,
): Promise<void> {
  for (let round = 0; !over(); round += 1) {
    // The first is the one that will be killed.
    const process = crew.ready().at(-1);
    if (process === undefined) {
      await sleep(50);
      continue;
    }
    const kinds = [{}, { delay: 200 }, { lane: `lane ${round % 3}` }, { priority: 1 }] as const;
    const before = reportsOf(crew, "enqueued").length;
    process.order({
      order: "enqueue",
      name: leaveMark.name,
      payloads: Array.from({ length: batch }, () => ({ workMs: 5 })),
      options: kinds[round % kinds.length] ?? {},
    });
    await until("they are enqueued", 30_000, () => {
      const news = reportsOf(crew, "enqueued").slice(before);
      return news.some(({ pid }) => pid === process.pid);
    });
    load.asked += batch;
    await sleep(20);
  }
}

async function newestStep({ kind, url, file }: EmptyPlace): Promise<number> {
  const sql = `SELECT max(id) AS step FROM ${kind === "sqlite" ? "holdfast_" : "holdfast."}migration`;
  const [row] = await rowsOf({ kind, url, file }, sql);
  return Number((row as { step: unknown }).step);
}

async function runAlone(empty: EmptyPlace, sql: string): Promise<void> {
  await rowsOf(empty, sql);
}

async function rowsOf(
  { kind, url, file }: Omit<EmptyPlace, "atEnd">,
  sql: string,
): Promise<readonly unknown[]> {
  if (kind === "sqlite") {
    const handle = await openHandle(file);
    handle.exec("PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000");
    const rows = handle.prepare(sql).all();
    handle.close();
    return rows;
  }
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<{ step: number }>(sql);
  await client.end();
  return rows;
}
