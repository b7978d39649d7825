import { hostname } from "node:os";
import { createClient, createWorker, defineJob, type JobContext, type JobHandler } from "holdfast";
import { expect, test } from "vitest";
import { z } from "zod";
import { aborted } from "../support/aborted.ts";
import { coded } from "../support/coded.ts";
import { describeWorkers } from "./worker-bench.ts";

const quickRetry = { attempts: 3, backoff: "fixed", delay: "5ms", resetAfter: 1e9 } as const;
const report = defineJob({
  name: "report",
  result: z.object({ pages: z.number().transform((pages) => pages * 2) }),
  retry: quickRetry,
});

describeWorkers((openBench) => {
  test("a result goes through its schema, and what the schema made of it is stored", async () => {
    const bench = await openBench();
    await bench.work([report.handler(() => ({ pages: 4 }))]);
    const { id } = await bench.client.enqueue(report, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ result: { pages: 8 } });
  });

  test.each([
    ["its schema refuses", { pages: "four" }, "RESULT_INVALID", "pages"],
    ["JSON cannot say", { pages: 1, at: 1n }, "RESULT_INVALID", "at"],
    ["is too large", { pages: 1, text: "x".repeat(1_048_577) }, "PAYLOAD_TOO_LARGE", "1048576"],
  ])("a result that %s fails the attempt", async (_, result, code, says) => {
    const bench = await openBench();
    const loose = defineJob({
      name: "loose",
      result: z.looseObject({ pages: z.number() }),
      retry: "none",
    });
    await bench.work([loose.handler(() => result as unknown as { pages: number })]);
    const { id } = await bench.client.enqueue(loose, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ state: "discarded" });
    const { attempts } = await bench.job(id);
    const message: unknown = expect.stringContaining(says);
    expect(attempts).toMatchObject([{ how: "failed", error: { code, message } }]);
  });

  test("what a job logs can be read with it, over its attempts and of each job of a batch", async () => {
    const bench = await openBench();
    const handler = report.handler((_, job) => {
      job.log.info({ page: job.attempt }, "rendering");
      if (job.attempt === 1) throw new Error("torn");
      job.log.debug({}, "a detail");
      job.log.warn({}, "late");
      return { pages: 1 };
    });
    const mail = defineJob<{ to: string }>({ name: "mail" });
    const mailing = mail.batchHandler({ size: 2 }, (batch) => {
      for (const item of batch.items) item.log.info({ to: item.payload.to }, "sent");
    });
    await bench.work([handler, mailing]);
    const { id } = await bench.client.enqueue(report, {});
    const sent = await bench.client.enqueueMany(mail, [{ to: "a" }, { to: "b" }]);
    await bench.finished(id);
    for (const each of sent) await bench.finished(each.id);
    const told = async (of: string, limit?: number) =>
      (await bench.client.jobs.logs(of, limit === undefined ? {} : { limit })).map(
        ({ level, message, fields, attempt }) => [level, message, fields, attempt],
      );
    expect(await told(id)).toEqual([
      ["info", "rendering", { page: 1 }, 1],
      ["info", "rendering", { page: 2 }, 2],
      ["warn", "late", {}, 2],
    ]);
    expect(await told(id, 1)).toEqual([["warn", "late", {}, 2]]);
    expect(await Promise.all(sent.map((each) => told(each.id)))).toEqual(
      ["a", "b"].map((to) => [["info", "sent", { to }, 1]]),
    );
    expect(await told("999999")).toEqual([]);
    await expect(bench.client.jobs.logs(id, { limit: 0 })).rejects.toMatchObject(
      coded("INVALID_OPTION"),
    );
  });

  test("a result set early is kept by a later failure, checked like any, and replaced by a returned one", async () => {
    const bench = await openBench();
    const heard: unknown[] = [];
    const early = defineJob({
      name: "early",
      payload: z.object({ fails: z.boolean() }),
      result: z.object({ pages: z.number() }),
      retry: "none",
    });
    const handler = early.handler(async ({ fails }, job) => {
      await job.setResult({ pages: 1 });
      const wrong = { pages: "?" } as unknown as { pages: number };
      await job.setResult(wrong).catch((error: unknown) => heard.push(error));
      if (fails) throw new Error("no");
      return { pages: 2 };
    });
    await bench.work([handler]);
    const failed = await bench.client.enqueue(early, { fails: true });
    const fine = await bench.client.enqueue(early, { fails: false });
    await expect(bench.finished(failed.id)).resolves.toMatchObject({
      state: "discarded",
      result: { pages: 1 },
    });
    await expect(bench.finished(fine.id)).resolves.toMatchObject({ result: { pages: 2 } });
    expect(heard).toEqual([coded("RESULT_INVALID"), coded("RESULT_INVALID")]);
  });

  test("state is kept across attempts and readable as soon as it is set", async () => {
    const bench = await openBench();
    const walk = defineJob({ name: "walk", retry: quickRetry });
    const seen: unknown[] = [];
    const handler = walk.handler(async (_, job) => {
      seen.push(job.state.get());
      await job.state.set({ step: job.attempt });
      seen.push(job.state.get());
      if (job.attempt < 3) throw new Error("again");
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(walk, {});
    await bench.finished(id);
    expect(seen).toEqual([
      undefined,
      { step: 1 },
      { step: 1 },
      { step: 2 },
      { step: 2 },
      { step: 3 },
    ]);
    await expect(bench.job(id)).resolves.toMatchObject({ checkpoint: { step: 3 } });
  });

  test("progress is seen while the job runs", async () => {
    const bench = await openBench();
    const slow = defineJob({ name: "slow" });
    const handler = slow.handler(async (_, job) => {
      await job.progress({ done: 3, of: 7 });
      await aborted(job.signal);
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(slow, {});
    const job = await bench.jobOnce(id, "reports", ({ progress }) => progress !== undefined);
    expect(job).toMatchObject({ state: "running", progress: { done: 3, of: 7 } });
  });

  test("state and progress that JSON cannot say are refused by path", async () => {
    const bench = await openBench();
    const bad = defineJob({ name: "bad" });
    const heard: unknown[] = [];
    const handler = bad.handler(async (_, job) => {
      const hear = (error: unknown): number => heard.push(error);
      await job.state.set({ at: new Date() }).catch(hear);
      await job.progress({ share: Number.NaN }).catch(hear);
      return job.state.get() === undefined;
    });
    await bench.work([handler]);
    const { id } = await bench.client.enqueue(bad, {});
    await expect(bench.finished(id)).resolves.toMatchObject({ result: true });
    expect(heard).toEqual([coded("PAYLOAD_INVALID", "at"), coded("PAYLOAD_INVALID", "share")]);
  });

  test("a handler is told who it is, and given the client, the clock and the services", async () => {
    const bench = await openBench();
    const who = defineJob({ name: "who", queue: "people", tags: ["a"] });
    const contexts: JobContext<unknown, { greet: string }>[] = [];
    const handler = who.handler<{ greet: string }>((_, job) => {
      contexts.push(job);
      return job.services.greet;
    });
    const services = { greet: "hello" };
    const worker = createWorker(bench.client, { handlers: [handler], services, drain: 0 });
    await worker.start();
    const first = await bench.client.enqueue(who, {}, { tags: ["b"] });
    const second = await bench.client.enqueue(who, {});
    await expect(bench.finished(first.id)).resolves.toMatchObject({ result: "hello" });
    await bench.finished(second.id);
    const { id } = worker;
    await worker.stop();
    expect(contexts[0]).toMatchObject({
      id: first.id,
      name: "who",
      queue: "people",
      attempt: 1,
      run: 1,
      tags: ["a", "b"],
    });
    expect(contexts[0]?.worker).toEqual({
      id,
      host: hostname(),
      bootId: contexts[1]?.worker.bootId,
    });
    expect(contexts[0]?.client).toBe(bench.client);
    expect(Math.abs((contexts[0]?.clock.now() ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(contexts[0]?.signal.aborted).toBe(false);
  });

  test("job.log writes to the client's logger with the job's id, name and attempt", async () => {
    const bench = await openBench();
    const chatty = defineJob({ name: "chatty" });
    await bench.work([chatty.handler((_, job) => job.log.info({ page: 1 }, "rendered"))]);
    const { id } = await bench.client.enqueue(chatty, {});
    await bench.finished(id);
    expect(bench.log.said("rendered")).toEqual([
      {
        level: "info",
        message: "rendered",
        fields: { job: id, name: "chatty", attempt: 1, page: 1 },
      },
    ]);
  });
});

const one = defineJob({ name: "one" });
const handlers: readonly JobHandler[] = [one.handler(() => {})];

test.each([
  ["no handlers", {}, "INVALID_OPTION", "handlers"],
  ["a handler that is none", { handlers: [{}] }, "INVALID_OPTION", "handlers"],
  ["an option there is not", { handlers, speed: 1 }, "INVALID_OPTION", "speed"],
  ["no concurrency at all", { handlers, concurrency: 0 }, "INVALID_OPTION", "concurrency"],
  ["a queue without a name", { handlers, queues: { "": {} } }, "INVALID_OPTION", "queue's name"],
  [
    "a queue option there is not",
    { handlers, queues: { a: { limit: 1 } } },
    "INVALID_OPTION",
    "limit",
  ],
  ["too short a lease", { handlers, lease: "100ms" }, "INVALID_OPTION", "lease"],
  [
    "a heartbeat slower than a third of the lease",
    { handlers, lease: "2s", heartbeat: "1s" },
    "INVALID_OPTION",
    "third",
  ],
  [
    "wedgedAfter below a second",
    { handlers, wedgedAfter: "10ms" },
    "INVALID_OPTION",
    "wedgedAfter",
  ],
  ["a drain that is no duration", { handlers, drain: "soon" }, "INVALID_OPTION", "drain"],
  ["no crash allowed", { handlers, maxCrashes: 0 }, "INVALID_OPTION", "maxCrashes"],
  ["a handler twice", { handlers: [...handlers, ...handlers] }, "DUPLICATE_HANDLER", "one"],
  [
    "two definitions with one name",
    { handlers: [...handlers, defineJob({ name: "one" }).handler(() => {})] },
    "DUPLICATE_DEFINITION",
    "one",
  ],
] as const)("createWorker refuses %s", async (_, options, code, says) => {
  await using client = await createClient("sqlite::memory:");
  expect(() => createWorker(client, options as never)).toThrow(coded(code, says));
});

test("createWorker refuses a definition whose name the client knows from another, and what is no client", async () => {
  await using client = await createClient("sqlite::memory:");
  await client.enqueue(defineJob({ name: "one" }), {});
  expect(() => createWorker(client, { handlers })).toThrow(coded("DUPLICATE_DEFINITION"));
  expect(() => createWorker({} as never, { handlers })).toThrow(coded("INVALID_OPTION"));
});
