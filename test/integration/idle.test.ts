import { setTimeout as sleep } from "node:timers/promises";
import { createClient, createWorker, defineJob } from "holdfast";
import { expect, inject, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { freshDatabase, isDeaf, type FreshDatabase } from "../support/fresh-database.ts";
import { recordingLogger } from "../support/recording-logger.ts";
import { watchedPool } from "../support/watched-pool.ts";

/** What an idle worker may send in a minute, all its chores and heartbeats together. */
const perMinute = 30;
const watchedSeconds = 16;

const job = defineJob<string, string>({ name: "job" });

// What a pooler's clients say on the connection that listens is not watched here.
test.skipIf(inject("pooled") !== undefined)(
  `an idle worker on PostgreSQL sends at most ${perMinute} statements a minute, and starts a job of another process at once all the same`,
  async ({ onTestFinished }) => {
    const database = await freshDatabase(inject("databaseUrl"));
    onTestFinished(() => database.drop());
    const watched = watchedPool(database.url);
    onTestFinished(() => watched.pool.end());
    const setUp = await createClient(database.url);
    onTestFinished(() => setUp.close());
    const client = await createClient({ pool: watched.pool, logger: recordingLogger() });
    onTestFinished(() => client.close());
    const worker = createWorker(client, { handlers: [job.handler((text) => text)] });
    await worker.start();
    onTestFinished(() => worker.stop());

    // Looks grow rarer for half a minute; what counts is where they arrive.
    await eventually("the worker waits for hints", () =>
      watched.sent.some((sql) => sql.includes("pg_advisory_lock_shared")),
    );
    await sleep(8_000);
    watched.clear();
    await sleep(watchedSeconds * 1_000);
    const sent = [...watched.sent];
    expect(sent.length, sent.map((sql) => sql.trim().slice(0, 80)).join("\n")).toBeLessThanOrEqual(
      (perMinute * watchedSeconds) / 60 + 1,
    );

    const { id } = await setUp.enqueue(job, "awake");
    const began = performance.now();
    expect(await setUp.handle(id).result({ timeout: "5s" })).toBe("awake");
    expect(performance.now() - began, "no poll is that quick now").toBeLessThan(2_000);
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
