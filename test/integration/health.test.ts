import { createClient, defineJob, DiscardError, HoldfastError, type Storage } from "holdfast";
import { createHealthHandler, type HealthOptions, serveHttp } from "holdfast/http";
import { sqliteStorage } from "holdfast/sqlite";
import { afterEach, describe, expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { coded } from "../support/coded.ts";
import { createLatch } from "../support/latch.ts";
import { parseMetrics } from "../support/parse-metrics.ts";
import { recordingLogger } from "../support/recording-logger.ts";
import { describeWorkers } from "./worker-bench.ts";

/** Asks a handler, and gives what it answers. */
function asking(options: HealthOptions) {
  const handler = createHealthHandler(options);
  const ask = (path: string, method = "GET") =>
    handler(new Request(`http://localhost${path}`, { method }));
  return {
    ask,
    json: async (path: string): Promise<unknown> => (await ask(path)).json(),
    async metrics() {
      const { values } = parseMetrics(await (await ask("/metrics")).text());
      return values;
    },
  };
}

const counters = (values: ReadonlyMap<string, number>) =>
  [...values].filter(([series]) => /_total|_bucket|_sum|_count\{/.test(series));

describeWorkers((openBench) => {
  test("ready is who has a worker that takes jobs; draining and stopped it says so, and stays live", async () => {
    const { client, work } = await openBench();
    const held = createLatch();
    const began = createLatch();
    const hold = defineJob<null>({ name: "hold" });
    const worker = await work(
      [
        hold.handler(async () => {
          began.open();
          await held.opened;
        }),
      ],
      { drain: "10s" },
    );
    const { json, ask } = asking({ client, worker });
    const well = { database: "ok", schema: "ok" };
    const notReady = (word: string) => ({
      status: 503,
      code: "NOT_READY",
      checks: { worker: word, ...well },
    });
    expect(await json("/readyz")).toEqual({
      status: "ready",
      checks: { worker: "running", ...well },
    });
    await client.enqueue(hold, null);
    await began.opened;
    const stopping = worker.stop();
    expect(await json("/readyz")).toMatchObject(notReady("draining"));
    expect((await ask("/readyz")).status).toBe(503);
    held.open();
    await stopping;
    expect(await json("/readyz")).toMatchObject(notReady("stopped"));
    expect(await json("/healthz")).toEqual({
      status: "healthy",
      checks: { ...well, worker: "stopped" },
    });
    expect((await ask("/livez")).status).toBe(200);
    await worker.start();
    expect((await ask("/readyz")).status).toBe(200);
  });

  test("two processes at rest tell the same counters, which are those of the statistics", async () => {
    const bench = await openBench();
    const other = await openBench({ on: bench });
    const work = defineJob<number>({ name: "work", queue: "q", retry: "none" });
    await bench.work([
      work.handler(async (n) => {
        if (n % 3 === 0) throw new DiscardError("three");
      }),
    ]);
    const ids = await bench.client.enqueueMany(work, [0, 1, 2, 3, 4, 5, 6]);
    for (const { id } of ids) await bench.finished(id);
    const [one, two] = [asking({ client: bench.client }), asking({ client: other.client })];
    const told = counters(await one.metrics());
    expect(told).toEqual(counters(await two.metrics()));
    const sum = await bench.client.stats.summary();
    const labels = '{queue="q",name="work"}';
    expect(Object.fromEntries(told)).toMatchObject({
      [`holdfast_jobs_enqueued_total${labels}`]: 7,
      [`holdfast_attempts_started_total${labels}`]: 7,
      [`holdfast_jobs_completed_total${labels}`]: 4,
      [`holdfast_jobs_discarded_total${labels}`]: 3,
      [`holdfast_job_running_seconds_count${labels}`]: sum.running?.count,
      [`holdfast_job_waiting_seconds_bucket{queue="q",name="work",le="+Inf"}`]: 7,
    });
    expect(sum).toMatchObject({ enqueued: 7, completed: 4, discarded: 3, running: { count: 7 } });
  });

  test("gauges tell what waits, since when, and who is there for it", async () => {
    const { client, work } = await openBench();
    const nobody = defineJob<number>({ name: "nobody", queue: "idle" });
    await client.enqueueMany(nobody, [1, 2, 3]);
    await client.enqueue(nobody, 4, { delay: "1h" });
    await client.queues.pause("idle");
    await work([defineJob({ name: "a", queue: "b" }).handler(() => {})], {
      queues: { b: { concurrency: 4 } },
    });
    const values = await eventually("the jobs are counted", async () => {
      const told = await asking({ client }).metrics();
      return told.has("holdfast_jobs_count_age_seconds") && told;
    });
    expect(Object.fromEntries(values)).toMatchObject({
      'holdfast_jobs{queue="idle",state="available"}': 3,
      'holdfast_jobs{queue="idle",state="scheduled"}': 1,
      'holdfast_queue_paused{queue="idle"}': 1,
      'holdfast_queue_paused{queue="b"}': 0,
      'holdfast_queue_workers{queue="idle"}': 0,
      'holdfast_queue_slots{queue="b"}': 4,
      'holdfast_workers{state="running"}': 1,
      holdfast_schedules: 0,
    });
    const lag = 'holdfast_queue_lag_seconds{queue="idle"}';
    await eventually("it lags", async () => (await asking({ client }).metrics()).get(lag));
  });
});

describe("a handler", () => {
  const opened: { close(): Promise<unknown> }[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0).toReversed()) await each.close();
  });

  /** A client, and its storage, whose calls may be replaced. */
  async function open() {
    const storage = await sqliteStorage({ path: ":memory:" });
    await storage.migrate();
    const logger = recordingLogger();
    const client = await createClient({ storage, logger });
    opened.push(storage, client);
    return { client, logger, storage };
  }

  /** Puts calls in the place of a storage's own. */
  const replace = (client: { readonly storage: Storage }, part: Partial<Storage>) =>
    Object.assign(client.storage, part);

  test("says that a database hangs within its time limit, once in the log, and sees when it is back", async () => {
    const bench = await open();
    const { schemaStatus, readTotals } = bench.storage;
    const { ask, json } = asking({ client: bench.client, timeLimit: "50ms" });
    expect((await ask("/readyz")).status).toBe(200);
    const hanging = new Promise<never>(() => {});
    replace(bench, { schemaStatus: () => hanging, readTotals: () => hanging });
    const failed = { status: 503, code: "STORAGE_UNAVAILABLE" };
    await eventually("it is not ready", async () => (await ask("/readyz")).status === 503);
    expect(await json("/readyz")).toMatchObject({
      ...failed,
      checks: { database: "STORAGE_UNAVAILABLE", schema: "unknown" },
    });
    expect(await json("/metrics")).toMatchObject(failed);
    const answer = await ask("/healthz");
    expect([answer.status, answer.headers.get("content-type")]).toEqual([
      503,
      "application/problem+json",
    ]);
    expect((await ask("/livez")).status).toBe(200);
    expect(bench.logger.said("not healthy")).toHaveLength(1);
    replace(bench, { schemaStatus, readTotals });
    await eventually("it is ready again", async () => (await ask("/readyz")).status === 200);
    expect(bench.logger.said("healthy again")).toHaveLength(1);
    expect((await ask("/metrics")).status).toBe(200);
  });

  test("says by its code what is wrong with the schema, that the client is closed, and nothing of where it is", async () => {
    const outdated = await open();
    replace(outdated, {
      schemaStatus: async () => ({ current: 1, latest: 2, pending: [{} as never] }),
    });
    expect(await asking({ client: outdated.client }).json("/readyz")).toMatchObject({
      status: 503,
      code: "SCHEMA_OUT_OF_DATE",
      checks: { database: "ok", schema: "SCHEMA_OUT_OF_DATE" },
    });
    const unreachable = await open();
    const secret = new HoldfastError("STORAGE_UNAVAILABLE", "postgres://ada:secret@10.1.2.3");
    replace(unreachable, { schemaStatus: () => Promise.reject(secret) });
    const told = await (await asking({ client: unreachable.client }).ask("/readyz")).text();
    expect(told).toContain("STORAGE_UNAVAILABLE");
    expect(told).not.toMatch(/secret|10\.1/);
    const { client, storage } = await open();
    const { json } = asking({ client });
    await client.close();
    await storage.close();
    expect(await json("/healthz")).toMatchObject({ status: 503, code: "CLIENT_CLOSED" });
    expect(await json("/metrics")).toMatchObject({ status: 503, code: "CLIENT_CLOSED" });
  });

  test("asks the database once a second however often it is asked, and not for what is counted slowly", async () => {
    const bench = await open();
    const calls: string[] = [];
    const counting = createLatch<[]>();
    const { readTotals } = bench.storage;
    replace(bench, {
      readTotals: () => (calls.push("totals"), readTotals()),
      countUnfinished: () => (calls.push("count"), counting.opened),
    });
    const { metrics } = asking({ client: bench.client });
    const began = performance.now();
    const told = await Promise.all(Array.from({ length: 20 }, () => metrics()));
    for (let n = 0; n < 20; n++) told.push(await metrics());
    const seconds = Math.ceil((performance.now() - began) / 1_000);
    const asked = calls.filter((call) => call === "totals").length;
    expect(asked).toBeLessThanOrEqual(seconds);
    expect(calls.length - asked, "the count under way is waited for").toBe(1);
    expect(told.every((values) => !values.has("holdfast_jobs_count_age_seconds"))).toBe(true);
    counting.open([]);
    await eventually("the count has come", async () =>
      (await metrics()).has("holdfast_jobs_count_age_seconds"),
    );
  });

  test("answers HEAD without a body, refuses other methods and paths, and may be mounted below one", async () => {
    const { client } = await open();
    const { ask } = asking({ client, path: "/internal" });
    const head = await ask("/internal/metrics", "HEAD");
    expect([head.status, await head.text(), head.headers.get("content-type")]).toEqual([
      200,
      "",
      "text/plain; version=0.0.4; charset=utf-8",
    ]);
    const posted = await ask("/internal/livez", "POST");
    expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    const odd = ["/internalconstructor", "/internaltoString", "/internal__proto__"];
    const beside = ["/metrics", "/internal", "/internal/", "/internal/livez/", "/internal/x"];
    for (const path of [...beside, ...odd]) {
      expect((await ask(path)).status, path).toBe(404);
    }
    for (const [wrong, says] of [
      [{ path: "internal" }, "path must be"],
      [{ timeLimit: "soon" }, "timeLimit"],
      [{ maxNames: -1 }, "maxNames must be"],
      [{ port: 1 }, "no option"],
    ] as const) {
      expect(() => createHealthHandler({ client, ...wrong } as HealthOptions)).toThrow(
        coded("INVALID_OPTION", says),
      );
    }
  });

  test("a server gives it what is asked over the network, and says when its port is taken", async () => {
    const { client } = await open();
    const server = await serveHttp(createHealthHandler({ client }), { port: 0, host: "127.0.0.1" });
    opened.push(server);
    expect((await fetch(`${server.url}/readyz?verbose`)).status).toBe(200);
    expect((await fetch(`${server.url}/metrics`, { method: "HEAD" })).status).toBe(200);
    const taken = serveHttp(async () => new Response(), { port: server.port, host: "127.0.0.1" });
    await expect(taken).rejects.toEqual(coded("LISTEN_FAILED", "EADDRINUSE"));
    await expect(serveHttp(async () => new Response(), { port: 70_000 })).rejects.toEqual(
      coded("INVALID_OPTION", "serveHttp"),
    );
    await Promise.all([server.close(), server.close()]);
    await expect(fetch(`${server.url}/livez`)).rejects.toThrow("fetch failed");
  });
});

test("a server hands over method, headers and body, streams the answer, and outlives a handler that fails", async () => {
  const server = await serveHttp(
    async (request) => {
      if (request.url.endsWith("/broken")) throw new Error("broken");
      const headers = { "x-told": `${request.method} ${request.headers.get("x-asked")}` };
      return new Response(request.body, { status: 201, headers });
    },
    { port: 0, host: "127.0.0.1" },
  );
  await expect(fetch(`${server.url}/broken`)).rejects.toThrow("fetch failed");
  const body = "x".repeat(200_000);
  const answer = await fetch(server.url, { method: "PUT", body, headers: { "x-asked": "yes" } });
  expect([answer.status, answer.headers.get("x-told")]).toEqual([201, "PUT yes"]);
  expect(await answer.text()).toBe(body);
  await server.close();
});
