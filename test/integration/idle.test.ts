import { setTimeout as sleep } from "node:timers/promises";
import { createClient, createWorker, defineJob } from "holdfast";
import { expect, inject, test } from "vitest";
import { defaults } from "../../src/core/defaults.ts";
import { eventually } from "../conformance/eventually.ts";
import { freshDatabase, isDeaf, type FreshDatabase } from "../support/fresh-database.ts";
import { openOverhearingProxy, type Overheard } from "../support/overhearing-proxy.ts";
import { recordingLogger } from "../support/recording-logger.ts";
import { watchedPool } from "../support/watched-pool.ts";

/** What an idle worker may send in a minute, all its threads and connections together. */
const perMinute = 30;
/** The worker watched has its options so many times shorter than the defaults, and so repeats what they pace so much more often. */
const faster = 5;
const watchedMs = 15_000;

/** What a worker repeats as its options say. */
const paced = [
  [/^UPDATE \S+\.worker SET beat/, "heartbeat"],
  [/^SELECT id::text, host, pid/, "rescuer: who is there"],
  [/AND NOT EXISTS \(SELECT FROM \S+\.worker/, "rescuer: jobs of the dead"],
  [/ AS operating FROM /, "promoter: the agenda"],
  [/\.claim_traced\(/, "claim"],
] as const;

/** What it repeats every minute, whatever its options. */
const minutely = [
  [/^SELECT coalesce\(\(SELECT draining/, "orders"],
  [/clock_timestamp\(\)\) \* 1000\)::text AS ms/, "the database's time"],
  [/pg_notify/, "the listener's test of itself"],
] as const;

type Kinds = readonly (readonly [RegExp, string])[];

const kindOf = (kinds: Kinds, sql: string) => kinds.find(([text]) => text.test(sql))?.[1];

const job = defineJob<string, string>({ name: "job" });

/** How often each kind comes in a minute of a worker with the default options, by the pauses between what was sent. */
function paces(sent: readonly Overheard[]): ReadonlyMap<string, number> {
  const times = new Map<string, number[]>();
  for (const { sql, at } of sent) {
    const kind = kindOf(paced, sql);
    if (kind !== undefined) times.set(kind, [...(times.get(kind) ?? []), at]);
  }
  return new Map(
    [...times].map(([kind, at]) => {
      const spanMs = (at.at(-1) ?? 0) - (at[0] ?? 0);
      const everyMs = at.length > 1 ? spanMs / (at.length - 1) : watchedMs;
      return [kind, 60_000 / (everyMs * faster)];
    }),
  );
}

// What a pooler's clients say on the connection that listens is not watched here.
test.skipIf(inject("pooled") !== undefined)(
  `an idle worker on PostgreSQL sends at most ${perMinute} statements a minute, and starts a job of another process at once all the same`,
  async ({ onTestFinished }) => {
    const database = await freshDatabase(inject("databaseUrl"));
    onTestFinished(() => database.drop());
    const way = await openOverhearingProxy(database.url);
    onTestFinished(() => way.close());
    const setUp = await createClient(database.url);
    onTestFinished(() => setUp.close());
    const client = await createClient({ url: way.url, logger: recordingLogger() });
    onTestFinished(() => client.close());
    const worker = createWorker(client, {
      handlers: [job.handler((text) => text)],
      heartbeat: defaults.heartbeatMs / faster,
      lease: defaults.leaseMs / faster,
      poll: defaults.pollMs / faster,
    });
    await worker.start();
    onTestFinished(() => worker.stop());

    // Looks grow rarer for a while; what counts is where they arrive.
    await eventually("the worker waits for hints", () =>
      way.sent.some(({ sql }) => sql.includes("pg_advisory_lock_shared")),
    );
    await sleep(5_000);
    const before = way.sent.length;
    await sleep(watchedMs);
    const sent = way.sent.slice(before);

    const rates = paces(sent);
    expect([...rates.keys()].toSorted()).toEqual(paced.map(([, kind]) => kind).toSorted());
    const sum = [...rates.values()].reduce((total, rate) => total + rate, minutely.length);
    expect(Math.round(sum), JSON.stringify([...rates])).toBeLessThanOrEqual(perMinute);
    // All else is rarer than a minute is, or it has no place in an idle worker.
    const others = sent.flatMap(({ sql }) => (kindOf(paced, sql) === undefined ? [sql] : []));
    expect(others.filter((sql) => kindOf(minutely, sql) === undefined)).toEqual([]);
    expect(new Set(others).size, others.join("\n")).toBe(others.length);

    const { id } = await setUp.enqueue(job, "awake");
    const began = performance.now();
    expect(await setUp.handle(id).result({ timeout: "5s" })).toBe("awake");
    expect(performance.now() - began, "few polls are that quick now").toBeLessThan(1_500);
  },
);

test.skipIf(isDeaf())(
  "a job enqueued in an application's own transaction wakes an idle worker with its commit",
  async ({ onTestFinished }) => {
    const database = await freshDatabase(inject("databaseUrl"));
    onTestFinished(() => database.drop());
    const client = await createClient({ ...where(database), logger: recordingLogger() });
    onTestFinished(() => client.close());
    const worker = createWorker(client, { handlers: [job.handler((text) => text)], poll: "30s" });
    await worker.start();
    onTestFinished(() => worker.stop());
    const application = watchedPool(database.url).pool;
    onTestFinished(() => application.end());
    // From here on only a hint explains a quick start.
    await sleep(7_000);
    const tx = await application.connect();
    await tx.query("BEGIN");
    const { id } = await client.enqueue(job, "late", { tx });
    await sleep(500);
    expect(await client.jobs.get(id)).toBeUndefined();
    await tx.query("COMMIT");
    tx.release();
    const committed = performance.now();
    expect(await client.handle(id).result({ timeout: "20s" })).toBe("late");
    expect(performance.now() - committed).toBeLessThan(1_500);
  },
);

function where({ url, listen }: FreshDatabase) {
  return listen === undefined ? { url } : { url, listen };
}
