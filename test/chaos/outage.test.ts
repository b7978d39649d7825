import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { type PostgresServer, startPostgres } from "../support/postgres-server.ts";
import { reportsOf, startCrew } from "./support/crew.ts";
import { leaveMark, work } from "./support/jobs.mjs";
import { lockFile } from "./support/locked-file.ts";
import { countMarks, openPlace, type AtEnd, type Place } from "./support/place.ts";
import { stress } from "./support/settings.ts";
import { until } from "./support/until.ts";

const leaseMs = stress ? 30_000 : 2_000;
const outageMs = 1.5 * leaseMs;
/** Within which a server that starts on a slow machine takes connections again; marks are written after that. */
const backMs = 5_000;
/** Long enough for a worker to be trusted with rescues, and for one wrongly thought dead to be rescued. */
const watchMs = 1.2 * leaseMs;
const startMs = 30_000;
const size = 4;

/** A database, and a way to lose it for a while. */
interface Scene {
  readonly place: Place;
  outage(): Promise<void>;
}

const outages: readonly (readonly [away: string, open: (atEnd: AtEnd) => Promise<Scene>])[] = [
  ["sqlite: while another program holds the file's lock", openSqlite],
  ["postgres: while the server is stopped", (atEnd) => openPostgres(atEnd, stopServer)],
  ["postgres: while the server does not answer", (atEnd) => openPostgres(atEnd, freezeServer)],
];

async function openSqlite(atEnd: AtEnd): Promise<Scene> {
  const place = await openPlace("sqlite", atEnd);
  return {
    place,
    async outage() {
      const unlock = await lockFile(place);
      await sleep(outageMs);
      await unlock();
    },
  };
}

async function openPostgres(
  atEnd: AtEnd,
  outage: (server: PostgresServer) => Promise<void>,
): Promise<Scene> {
  const server = await startPostgres();
  atEnd(() => server.stop());
  const place = await openPlace("postgres", atEnd, server.url);
  return { place, outage: () => outage(server) };
}

const stopServer = (server: PostgresServer) => server.restart({ downMs: outageMs });

async function freezeServer(server: PostgresServer): Promise<void> {
  server.pause();
  await sleep(outageMs);
  server.resume();
}

test.concurrent.for(outages)(
  "%s for one and a half leases, nobody is rescued, charged or run twice",
  { timeout: startMs + 6 * leaseMs + 60_000 },
  async ([away, open], { onTestFinished }) => {
    const { place, outage } = await open(onTestFinished);
    const { client } = place;
    const crew = await startCrew(place, { size, options: { lease: leaseMs } });
    const registered = await client.workers.list();
    await sleep(watchMs);

    // Some end while the database is away, some long after; those write their mark then.
    const ending = Array.from({ length: 20 }, (_, n) =>
      work.request({ workMs: (n * outageMs) / 20 }),
    );
    const spanning = Array.from({ length: 10 }, (_, n) =>
      leaveMark.request({ workMs: outageMs + backMs + (n * watchMs) / 10 }),
    );
    const receipts = await client.enqueueMany([...spanning, ...ending]);
    await until("all jobs run", startMs, () => reportsOf(crew, "began").length === receipts.length);
    const gone = performance.now();
    await outage();
    const goneMs = performance.now() - gone;
    await sleep(watchMs);
    const fresh = await client.enqueueMany(
      leaveMark,
      Array.from({ length: 10 }, () => ({ workMs: 0 })),
    );
    const ids = [...receipts, ...fresh].map(({ id }) => id);
    await Promise.all(ids.map((id) => client.handle(id).finished({ timeout: leaseMs + 20_000 })));

    const { jobs } = await client.jobs.list({ limit: 1_000 });
    expect(jobs.map(({ state, run, attempt, crashes }) => [state, run, attempt, crashes])).toEqual(
      ids.map(() => ["completed", 1, 1, 0]),
    );
    expect(await countMarks(place)).toEqual({ rows: 20, jobs: 20 });
    expect(reportsOf(crew, "began")).toHaveLength(ids.length);
    expect(idsOf(await client.workers.list())).toEqual(idsOf(registered));
    expect(crew.deaths).toEqual([]);
    await crew.stop();
    console.log(
      `${away}: gone ${(goneMs / 1_000).toFixed(1)} s at a lease of ${leaseMs / 1_000} s, ` +
        `${ids.length} jobs, each run once by ${size} workers that all kept their leases`,
    );
  },
);

const idsOf = (workers: readonly { readonly id: string }[]) => workers.map(({ id }) => id);
