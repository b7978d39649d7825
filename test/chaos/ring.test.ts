import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient, createWorker, defineJob, type Storage } from "holdfast";
import { postgresStorage } from "holdfast/postgres";
import pg from "pg";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { type AtEnd, openPlace, type Place } from "./support/place.ts";
import { secondsOf } from "./support/settings.ts";

const lapMs = 4_000;

/** Most jobs end at once; some run on while their slot is taken from under them. */
const job = defineJob<{ readonly ms: number }>({ name: "ring", retry: "none" });

/** A place whose slots take new rows for one second each, and two processes' worth of maintenance racing over them. */
async function openRing(atEnd: AtEnd): Promise<{ place: Place; moved: () => number }> {
  const place = await openPlace("postgres", atEnd);
  await place.query(
    `CREATE OR REPLACE FUNCTION holdfast.slot_seconds() RETURNS integer LANGUAGE sql STABLE AS 'SELECT 1'`,
  );
  const keepers = await Promise.all([1, 2].map(() => postgresStorage({ url: place.url })));
  let over = false;
  let moved = 0;
  const keep = async (storage: Storage) => {
    while (!over) {
      moved += (await storage.reclaimSpace()).moved;
      await sleep(50);
    }
    await storage.close();
  };
  const kept = Promise.all(keepers.map(keep));
  atEnd(async () => {
    over = true;
    await kept;
  });
  return { place, moved: () => moved };
}

/** Runs a worker whose handlers count, and a stream of jobs, until stopped. */
async function startLoad(place: Place, atEnd: AtEnd) {
  const runs = new Map<string, number>();
  const silent = () => {};
  const logger = { debug: silent, info: silent, warn: silent, error: silent };
  const client = await createClient(place.url, { logger });
  atEnd(() => client.close());
  const handler = job.handler(async ({ ms }, { id }) => {
    runs.set(id, (runs.get(id) ?? 0) + 1);
    if (ms > 0) await sleep(ms);
  });
  const worker = createWorker(client, {
    handlers: [handler],
    queues: { default: { concurrency: 200 } },
    concurrency: 200,
  });
  await worker.start();
  atEnd(() => worker.stop());
  const ids: string[] = [];
  let over = false;
  const enqueueing = (async () => {
    for (let round = 0; !over; round += 1) {
      const payloads = Array.from({ length: 20 }, (_, nth) => ({ ms: nth === 0 ? 3_000 : 0 }));
      for (const { id } of await client.enqueueMany(job, payloads)) ids.push(id);
      await sleep(20);
    }
  })();
  // A test that fails leaves its load running.
  atEnd(() => {
    over = true;
    return enqueueing.catch(() => {});
  });
  return {
    runs,
    ids,
    async finish() {
      over = true;
      await enqueueing;
      await Promise.all(ids.map((id) => client.handle(id).finished({ timeout: "40s" })));
    },
  };
}

async function liveBytes(place: Place): Promise<number> {
  const [row] = await place.query<{ readonly bytes: string }>(
    `SELECT sum(pg_total_relation_size(format('holdfast.live_%s', slot)::regclass))::text AS bytes FROM generate_series(0, 3) AS slot`,
  );
  return Number(row?.bytes);
}

test.concurrent("jobs move round the ring while they are claimed and settled: none is lost, none runs twice, and the space comes back", async ({
  onTestFinished,
}) => {
  const { place, moved } = await openRing(onTestFinished);
  const load = await startLoad(place, onTestFinished);
  await sleep(secondsOf(5) * 1_000);
  await load.finish();
  expect(load.ids.length).toBeGreaterThan(1_000);
  expect(
    [...load.runs.values()].every((runs) => runs === 1),
    "each ran once",
  ).toBe(true);
  expect(load.runs.size).toBe(load.ids.length);
  expect(moved(), "running jobs were moved").toBeGreaterThan(0);
  const counts = await place.client.jobs.count();
  expect(counts).toMatchObject({ completed: load.ids.length, available: 0, running: 0 });
  await eventually("the space has come back", async () => (await liveBytes(place)) < 200_000);
});

test.concurrent("an enqueue whose transaction stays open for five laps of the ring is delivered within two seconds of its commit", async ({
  onTestFinished,
}) => {
  const { place } = await openRing(onTestFinished);
  const load = await startLoad(place, onTestFinished);
  const application = new pg.Client(place.url);
  await application.connect();
  onTestFinished(() => application.end());
  await application.query("BEGIN");
  const { id } = await place.client.enqueue(job, { ms: 0 }, { tx: application });
  await sleep(5 * lapMs);
  expect(load.runs.has(id)).toBe(false);
  await application.query("COMMIT");
  const committed = performance.now();
  await eventually("the late job has run", () => load.runs.has(id));
  expect(performance.now() - committed).toBeLessThan(2_000);
  await load.finish();
  expect([...load.runs.values()].every((runs) => runs === 1)).toBe(true);
});

const tables = ["live", "later", "blocked", "done", "dead", "uniq", "keylock", "worker", "queue"];

test.concurrent("a dump taken under load keeps nobody waiting and misses no job", async ({
  onTestFinished,
}) => {
  const { place } = await openRing(onTestFinished);
  const load = await startLoad(place, onTestFinished);
  const dumper = new pg.Client(place.url);
  await dumper.connect();
  onTestFinished(() => dumper.end());
  for (let counted = 0, tries = 0; counted < 5; tries += 1) {
    expect(tries, "the machine is too slow to lock within half a slot").toBeLessThan(15);
    await sleep(1_500);
    const before = new Set(load.ids);
    const runsBefore = load.runs.size;
    await dumper.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    // The snapshot is taken by the first query; the locks come later, as they do in pg_dump.
    const began = performance.now();
    await dumper.query("SELECT 1 FROM pg_class LIMIT 1");
    await sleep(200);
    await dumper.query(
      `LOCK TABLE ${tables.map((name) => `holdfast.${name}`).join(", ")} IN ACCESS SHARE MODE`,
    );
    const locked = performance.now();
    for (const name of tables)
      await dumper.query(`COPY (SELECT * FROM holdfast.${name}) TO STDOUT`);
    const { rows } = await dumper.query<{ id: string }>("SELECT id::text FROM holdfast.jobs");
    await sleep(500);
    expect(load.runs.size, "work goes on during the dump").toBeGreaterThan(runsBefore);
    await dumper.query("COMMIT");
    const dumped = rows.map((row) => row.id);
    expect(new Set(dumped).size, "no job is there twice").toBe(dumped.length);
    // A slot is a second here, twenty in earnest; half of one is what a dump may take to get its locks.
    if (locked - began > 450) continue;
    counted += 1;
    const found = new Set(dumped);
    expect(
      [...before].filter((id) => !found.has(id)),
      "jobs the dump misses",
    ).toEqual([]);
  }
  await load.finish();
});

/** The major version of a program or server, from how it names itself. */
function dumpVersion(): number {
  try {
    return Number(
      /(\d+)\.\d+/.exec(execFileSync("pg_dump", ["--version"], { encoding: "utf8" }))?.[1],
    );
  } catch {
    return 0;
  }
}

test.concurrent("pg_dump itself, where its version fits the server's, dumps under load", async ({
  onTestFinished,
  skip,
}) => {
  const { place } = await openRing(onTestFinished);
  const [row] = await place.query<{ readonly version: string }>(
    "SELECT current_setting('server_version_num') AS version",
  );
  const server = Math.floor(Number(row?.version) / 10_000);
  skip(dumpVersion() < server, `no pg_dump of version ${server} or newer here`);
  const load = await startLoad(place, onTestFinished);
  await sleep(2_000);
  const dump = execFileSync("pg_dump", ["--schema=holdfast", place.url.replace(/\?.*/, "")], {
    encoding: "utf8",
    maxBuffer: 1e9,
  });
  expect(dump).toContain("CREATE TABLE holdfast.live_0");
  await load.finish();
});
