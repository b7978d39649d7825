import { setTimeout as sleep } from "node:timers/promises";
import { createWorker, HoldfastError, type Job, type JobId } from "holdfast";
import pg from "pg";
import { expect, test } from "vitest";
import { startPostgres } from "../support/postgres-server.ts";
import { allJobs } from "./support/all-jobs.ts";
import { handlers } from "./support/handlers.mjs";
import { startCrew } from "./support/crew.ts";
import { cutConnection, leaveMark } from "./support/jobs.mjs";
import { pickUpTimes } from "./support/pick-up.ts";
import { countMarks, openPlace, type Place } from "./support/place.ts";

const lanes = 8;
const laneEveryMs = 15;

/** What the callers were told about the jobs they enqueued, each by its number. */
interface Told {
  readonly acknowledged: Map<number, JobId>;
  readonly unknown: number[];
  readonly refused: number[];
}

test("a job.transaction whose connection is cut in the middle fails its attempt, and its effects happen once", async ({
  onTestFinished,
}) => {
  const place = await openPlace("postgres", onTestFinished);
  const application = new pg.Client(place.url);
  await application.connect();
  onTestFinished(() => application.end());
  const worker = createWorker(place.client, {
    handlers: handlers(
      () => {},
      (pid) => application.query("SELECT pg_terminate_backend($1)", [pid]),
    ),
  });
  onTestFinished(() => worker.stop());
  await worker.start();

  const { id } = await place.client.enqueue(cutConnection, {});
  await place.client.handle(id).finished({ timeout: "20s" });
  expect(await place.client.jobs.get(id)).toMatchObject({
    state: "completed",
    run: 2,
    crashes: 0,
    attempts: [{ how: "failed", error: { code: "STORAGE_UNAVAILABLE" } }, { how: "completed" }],
  });
  expect(await place.query("SELECT run FROM mark")).toEqual([{ run: 2 }]);
});

test("a server restarted under load loses no acknowledged job, runs none twice, and is listened to again", async ({
  onTestFinished,
}) => {
  const server = await startPostgres();
  onTestFinished(() => server.stop());
  const place = await openPlace("postgres", onTestFinished, server.url);
  const crew = await startCrew(place, { size: 2, options: { lease: "2s" } });
  // It looks for work by itself so rarely that only wakeups can explain a quick start.
  const idle = await startCrew(place, {
    size: 1,
    options: { lease: "2s", poll: "30s", queues: { idle: { concurrency: 1 } } },
  });
  const times: (readonly number[])[] = [];
  const load = startLoad(place);
  for (const mode of ["fast", "immediate"] as const) {
    await sleep(1_000);
    await server.restart({ mode, downMs: 300 });
    times.push(await pickUpTimes(place, idle, "idle"));
  }
  const told = await load.stop();

  const waits = [...told.acknowledged.values()].map((id) =>
    place.client.handle(id).finished({ timeout: "20s" }),
  );
  await Promise.all(waits);
  const jobs = await allJobs(place.client, { queue: "default" });
  expect(jobs.filter(({ state }) => state !== "completed")).toEqual([]);
  const numbers = jobs.map(numberOf);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers.filter((number) => told.refused.includes(number))).toEqual([]);
  const stored = numbers.filter((number) => told.unknown.includes(number));
  expect(numbers.length).toBe(told.acknowledged.size + stored.length);
  const { completed } = await place.client.jobs.count();
  expect(await countMarks(place)).toEqual({ rows: completed, jobs: completed });
  expect([...crew.deaths, ...idle.deaths]).toEqual([]);
  await Promise.all([crew.stop(), idle.stop()]);
  console.log(
    `postgres: restarts fast and immediate under load: ${told.acknowledged.size} jobs acknowledged and run once, ` +
      `${told.unknown.length} unknown of which ${stored.length} were stored and run once, ${told.refused.length} refused; ` +
      `slowest wakeup after each: ${times.map((each) => `${Math.round(Math.max(...each))} ms`).join(", ")}`,
  );
}, 90_000);

/** Callers that enqueue numbered jobs until they are stopped, and what they were told. */
function startLoad(place: Place): { stop(): Promise<Told> } {
  const told: Told = { acknowledged: new Map(), unknown: [], refused: [] };
  let over = false;
  let next = 0;
  const callers = Array.from({ length: lanes }, async () => {
    for (; !over; await sleep(laneEveryMs)) await enqueueNumber(place, (next += 1), told);
  });
  async function stop(): Promise<Told> {
    over = true;
    await Promise.all(callers);
    return told;
  }
  place.atEnd(async () => void (await stop()));
  return { stop };
}

async function enqueueNumber({ client }: Place, number: number, told: Told): Promise<void> {
  try {
    const { id } = await client.enqueue(leaveMark, { workMs: number % 10, number });
    told.acknowledged.set(number, id);
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    if (error.code === "ENQUEUE_UNKNOWN") told.unknown.push(number);
    else if (error.retryable) told.refused.push(number);
    else throw error;
  }
}

const numberOf = (job: Job) => (job.payload as { readonly number: number }).number;
