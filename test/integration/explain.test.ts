import { type Client, createClient, defineJob, type JobReason, type Storage } from "holdfast";
import { expect, inject, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { aJob, claim, hire, settleOne, single } from "../conformance/jobs.ts";
import { runSql } from "../support/run-sql.ts";
import { describeDatabases, silent } from "./client-databases.ts";

const work = defineJob<object, void>({ name: "work" });

/** A worker of the tests takes one job. */
async function runOne(storage: Storage, owner: string) {
  return single(await claim(storage, owner, { limit: 1, now: Date.now() }));
}

/** Text like this. */
const like = (pattern: RegExp): string => expect.stringMatching(pattern) as string;

/** Text with this in it. */
const saying = (text: string): string => expect.stringContaining(text) as string;

describeDatabases((databases) => {
  /** The reasons, with every sentence ended. */
  async function why(client: Client, id: string): Promise<readonly JobReason[]> {
    const { reasons, sentence } = await client.jobs.explain(id);
    expect(sentence).toBe(reasons.map(({ text }) => text).join(" "));
    return reasons;
  }

  test("scheduled: it is not due, and nobody serves its queue (queue-unserved)", async () => {
    const client = await databases.client();
    const { id } = await client.enqueue(work, {}, { delay: "1h" });
    expect(await why(client, id)).toMatchObject([
      { kind: "scheduled", text: like(/^It is not due until .* \(in 1h\)\.$/) },
      { kind: "queue-unserved", text: 'No live worker serves its queue "default".' },
    ]);
    const due = (await client.enqueue(work, {}, { delay: "1ms" })).id;
    await eventually("it is due", async () => {
      const [reason] = (await client.jobs.explain(due)).reasons;
      return reason?.text.startsWith("It has been due since ") === true;
    });
  });

  test("queue-unserved, worker-lost: workers that drain or were killed take nothing", async () => {
    const [client, storage] = await databases.onStorage();
    const killed = await hire(storage, { leaseMs: 1 });
    await client.enqueueMany(work, [{}, {}]);
    const running = (await runOne(storage, killed)).lease.id;
    const id = single((await client.jobs.list({ state: "available" })).jobs).id;
    await eventually("its lease is over", async () => {
      const [record] = await client.workers.list();
      return (record?.lastBeatMs ?? 0) > 1;
    });
    const draining = await hire(storage);
    await client.workers.drain(draining);
    expect(await why(client, id)).toMatchObject([
      { kind: "queue-unserved", draining: [draining], lost: [killed] },
    ]);
    expect(await why(client, running)).toMatchObject([
      { kind: "running", worker: killed },
      { kind: "worker-lost", worker: killed, text: saying("longer than its lease") },
    ]);
    expect(await client.queues.get("default")).toMatchObject({ servedBy: [], unserved: true });
    const { findings } = await client.doctor();
    expect(findings.map(({ code }) => code)).toContain("queue-unserved");
    const owner = await hire(storage);
    expect(await why(client, id)).toMatchObject([{ kind: "ready", workers: [owner] }]);
    expect(await client.queues.get("default")).toMatchObject({ servedBy: [owner] });
  });

  test("backoff: an attempt failed", async () => {
    const [client, storage] = await databases.onStorage();
    const { id } = await client.enqueue(work, {});
    const job = await runOne(storage, await hire(storage));
    await settleOne(storage, job, "retryable", { runAt: Date.now() + 60_000 });
    expect(await why(client, id)).toMatchObject([
      { kind: "backoff", attempt: 1, text: saying("Attempt 1 failed") },
    ]);
  });

  test("queue-paused, queue-cooling and queue-full: its queue lets nothing through", async () => {
    const [client, storage] = await databases.onStorage();
    const owner = await hire(storage);
    await client.enqueueMany(work, [{}, {}]);
    const first = await runOne(storage, owner);
    const { jobs } = await client.jobs.list({ state: "available" });
    const { id } = single(jobs);
    await client.queues.update("default", { maxRunning: 1 });
    await client.queues.pause("default");
    const until = Date.now() + 60_000;
    await storage.coolQueue(
      "default",
      { level: 0, closedUntil: 0 },
      { level: 1, closedUntil: until },
    );
    expect(await why(client, id)).toMatchObject([
      { kind: "queue-paused", text: 'Its queue "default" is paused.' },
      { kind: "queue-cooling", until },
      { kind: "queue-full", maxRunning: 1, running: 1 },
    ]);
    await settleOne(storage, first, "completed");
    await client.queues.resume("default");
    await client.queues.update("default", { maxRunning: null });
    expect(await why(client, id)).toMatchObject([{ kind: "queue-cooling" }]);
  });

  test("no-handler, payload-too-new: no live worker can run it", async () => {
    const [client, storage] = await databases.onStorage();
    const id = (await client.enqueue(defineJob({ name: "work", version: { number: 3 } }), {})).id;
    const other = await hire(storage, { handlers: ["other"] });
    expect(await why(client, id)).toMatchObject([
      { kind: "no-handler", text: saying(`worker ${other} has none`) },
    ]);
    const old = await hire(storage, { versions: { work: 2 } });
    expect(await why(client, id)).toMatchObject([
      { kind: "payload-too-new", version: 3, understood: 2, workers: [old] },
    ]);
  });

  test("blocked: its lane or limit is held, by which jobs on which workers", async () => {
    const [client, storage] = await databases.onStorage();
    await client.limits.declare({ api: { concurrent: 2 } });
    const limited = defineJob({
      name: "limited",
      limits: [{ scope: "api", concurrent: 2, by: () => "k" }],
    });
    const owner = await hire(storage, { handlers: ["work", "limited"] });
    for (const options of [{ lane: "a" }, { lane: "a" }, { lane: "a" }]) {
      await client.enqueue(work, {}, options);
    }
    for (let nth = 0; nth < 3; nth += 1) await client.enqueue(limited, {});
    for (let pass = 0; pass < 3; pass += 1) await storage.admitWaiting(100, Date.now());
    await eventually(
      "all who can are let in",
      async () => (await client.jobs.count()).blocked === 3,
    );
    const holder = await runOne(storage, owner);
    const blocked = (await client.jobs.list({ state: "blocked" })).jobs.toReversed();
    const [second, third, last] = blocked.map(({ id }) => id);
    expect(await why(client, third ?? "")).toMatchObject([
      {
        kind: "blocked",
        gate: "lane:a",
        heldBy: [{ job: holder.lease.id, worker: owner, host: "host" }],
        ahead: 1,
        text: `The lane "a" is held by job ${holder.lease.id} on worker ${owner} at host; 1 job goes before it.`,
      },
    ]);
    expect(await why(client, second ?? "")).toMatchObject([{ kind: "blocked", ahead: 0 }]);
    const { id: free } = await client.enqueue(work, {}, { lane: "b", queue: "other" });
    await client.queues.pause("other");
    expect(await why(client, free), "its lane is not what it waits for").toMatchObject([
      { kind: "queue-paused" },
      { kind: "queue-unserved" },
    ]);
    const [reason] = await why(client, last ?? "");
    expect(reason).toMatchObject({ kind: "blocked", gate: "limit:api:k" });
    expect(reason?.kind === "blocked" ? reason.heldBy : []).toHaveLength(2);
  });

  test("rate-limited: when tokens come; limit-undeclared: they never do", async () => {
    const [client, storage] = await databases.onStorage();
    const limited = defineJob({ name: "limited", limits: [{ scope: "api", rate: "1/1h" }] });
    await hire(storage, { handlers: ["work", "limited"] });
    const before = Date.now();
    await client.enqueueMany(limited, [{}, {}, {}]);
    for (let pass = 0; pass < 3; pass += 1) await storage.admitWaiting(100, Date.now());
    await eventually("one is let in", async () => (await client.jobs.count()).blocked === 2);
    const [, last] = (await client.jobs.list({ state: "blocked" })).jobs.toReversed();
    const [reason] = await why(client, last?.id ?? "");
    expect(reason).toMatchObject({ kind: "rate-limited", gate: "limit:api", ahead: 1 });
    const until = reason?.kind === "rate-limited" ? reason.until - before : 0;
    expect(until).toBeGreaterThan(3_500_000);
    expect(until).toBeLessThan(3_700_000);

    const { id } = single(
      await storage.insertJobs([
        aJob({ createdAt: before, runAt: before, gates: [{ gate: "limit:nobody", weight: 1 }] }),
      ]),
    );
    expect(await why(client, id)).toMatchObject([{ kind: "limit-undeclared", scope: "nobody" }]);
  });

  test("ready, places-taken: how many go before it, and about when it starts", async () => {
    const [client, storage] = await databases.onStorage();
    const owner = await hire(storage, { slots: { default: 2 } });
    await client.enqueueMany(
      work,
      Array.from({ length: 8 }, () => ({})),
    );
    for (let nth = 0; nth < 6; nth += 1) {
      await settleOne(storage, await runOne(storage, owner), "completed");
    }
    await client.enqueue(work, {}, { priority: 0 });
    const [, last, first] = (await client.jobs.list({ state: "available" })).jobs.toReversed();
    expect(await why(client, first?.id ?? "")).toMatchObject([{ kind: "ready", ahead: 0 }]);
    expect(await why(client, last?.id ?? "")).toMatchObject([
      { kind: "ready", workers: [owner], available: 3, ahead: 2 },
    ]);
    await runOne(storage, owner);
    await runOne(storage, owner);
    expect(await why(client, last?.id ?? "")).toMatchObject([
      { kind: "places-taken", running: 2, places: 2, ahead: 0, workers: [owner] },
    ]);
    const other = await hire(storage, { slots: { default: 2 } });
    expect(await why(client, last?.id ?? "")).toMatchObject([{ kind: "ready", workers: [other] }]);
    await client.queues.update("default", { concurrency: 3 });
    expect(await why(client, last?.id ?? "")).toMatchObject([{ workers: [owner, other] }]);
    await storage.unregisterWorker(other);
    await client.queues.update("default", { concurrency: 1 });
    expect(await why(client, last?.id ?? "")).toMatchObject([
      { kind: "places-taken", running: 2, places: 1, workers: [owner] },
    ]);
  });

  test("held-alone: nothing starts beside a job that crashed before", async () => {
    const [client, storage] = await databases.onStorage();
    const owner = await hire(storage, { slots: { default: 9 } });
    const { id: crashed } = await client.enqueue(work, {});
    const back = { crashes: 1, runAt: Date.now() };
    await settleOne(storage, await runOne(storage, owner), "retryable", back);
    await storage.promoteJobs(10, Date.now() + 1);
    await runOne(storage, owner);
    const { id } = await client.enqueue(work, {});
    expect(await why(client, id)).toMatchObject([
      {
        kind: "held-alone",
        heldBy: [{ job: crashed, worker: owner }],
        text: saying(`Job ${crashed} on worker ${owner} crashed before`),
      },
    ]);
  });

  test("running, cancelling, worker-lost: who runs it, and that it was asked to stop", async () => {
    const [client, storage] = await databases.onStorage();
    const { id } = await client.enqueue(work, {});
    const owner = await hire(storage);
    await runOne(storage, owner);
    await client.jobs.cancel(id, { why: "no need", by: "ada" });
    expect(await why(client, id)).toMatchObject([
      { kind: "running", worker: owner, host: "host" },
      { kind: "cancelling", text: "It was asked to stop by ada: no need" },
    ]);
    await storage.unregisterWorker(owner);
    expect(await why(client, id)).toMatchObject([
      { kind: "running", host: null },
      { kind: "worker-lost", worker: owner },
      { kind: "cancelling" },
    ]);
  });

  test("finished, unique-held: how it ended, and who keeps it from being retried", async () => {
    const client = await databases.client();
    const unique = { key: "k" };
    const { id } = await client.enqueue(work, {}, { unique });
    await client.jobs.cancel(id, { why: "no need" });
    expect(await why(client, id)).toMatchObject([{ kind: "finished", state: "cancelled" }]);
    const holder = await client.enqueue(work, {}, { unique });
    expect(await why(client, id)).toMatchObject([
      { kind: "finished", text: like(/^It was cancelled at .*: no need$/) },
      { kind: "unique-held", key: "k", holder: holder.id },
    ]);
    await client.jobs.delete(holder.id);
    expect(await why(client, id)).toMatchObject([{ kind: "finished" }]);
  });

  if (databases.kind === "SQLite in memory") return;

  test("schema-behind: workers of this version do not start", async () => {
    const [client, storage, place] = await databases.onStorage();
    const { id: running } = await client.enqueue(work, {});
    const owner = await hire(storage);
    await runOne(storage, owner);
    const { id } = await client.enqueue(work, {}, { lane: "a" });
    const { id: ready } = await client.enqueue(work, {});
    const at = place;
    const migrations = `DELETE FROM holdfast.migration WHERE id = (SELECT max(id) FROM holdfast.migration)`;
    await runSql(
      at,
      `CREATE TABLE holdfast.kept AS SELECT * FROM holdfast.migration; ${migrations}`,
    );
    try {
      const behind = { kind: "schema-behind", text: saying("Run npx holdfast migrate.") };
      expect(await why(client, ready)).toMatchObject([behind]);
      expect(await why(client, id)).toMatchObject([behind]);
      // Its worker lives, and nothing else is said of it.
      expect(await why(client, running)).toMatchObject([behind, { kind: "running" }]);
    } finally {
      await runSql(
        at,
        "DELETE FROM holdfast.migration; INSERT INTO holdfast.migration SELECT * FROM holdfast.kept; DROP TABLE holdfast.kept",
      );
    }
    expect(await why(client, ready)).toMatchObject([{ kind: "ready", workers: [owner] }]);
  });

  // PgBouncer takes no settings with which a session could begin.
  test.skipIf(databases.kind === "PostgreSQL" && inject("pooled") !== undefined)(
    "database-read-only: nothing is claimed",
    async () => {
      const [writer, storage, place] = await databases.onStorage();
      const { id } = await writer.enqueue(work, {});
      const options = "?options=-c%20default_transaction_read_only%3Don";
      const settings = { migrate: false, logger: silent };
      const client = databases.closing(
        databases.kind === "PostgreSQL"
          ? await createClient({ ...place, url: place.url + options, ...settings })
          : await createClient({ storage: readOnly(storage), ...settings }),
      );
      expect((await why(client, id))[0]).toMatchObject({
        kind: "database-read-only",
        text: "The database takes no writes now, so nothing is claimed.",
      });
    },
  );
});

/** What an administrator may do to any file cannot be done to it here. */
function readOnly(storage: Storage): Storage {
  const readHealth = () => Promise.reject(new Error("the doctor's business"));
  return { ...storage, readHealth, isReadOnly: async () => true };
}
