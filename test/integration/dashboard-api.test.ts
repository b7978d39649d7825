import { createWorker, defineJob } from "holdfast";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { askDashboard } from "../support/ask-dashboard.ts";
import type { AuditAnswer } from "../../src/dashboard/wire/health.ts";
import type {
  EnqueueAnswer,
  JobAnswer,
  JobCountsAnswer,
  JobLogsAnswer,
  JobRecentAnswer,
  JobsAnswer,
} from "../../src/dashboard/wire/jobs.ts";
import type { OperationRow } from "../../src/dashboard/wire/operations.ts";
import type { ProblemAnswer } from "../../src/dashboard/wire/problem.ts";
import type { LimitsAnswer, QueueAnswer, QueuesAnswer } from "../../src/dashboard/wire/queues.ts";
import type {
  ScheduleAnswer,
  SchedulesAnswer,
  TicksAnswer,
} from "../../src/dashboard/wire/schedules.ts";
import type { WorkersAnswer } from "../../src/dashboard/wire/workers.ts";
import { describeSharedDatabases } from "./client-databases.ts";

const exact = '{"id":12345678901234567890,"text":"x"}';
const pay = defineJob<{ n: number }, string>({
  name: "pay",
  queue: "money",
  retry: { attempts: 1 },
});

const refusals: readonly (readonly [path: string, body: unknown, status: number, code: string])[] =
  [
    ["jobs?q=colour:red", undefined, 400, "FILTER_INVALID"],
    ["jobs?limit=0", undefined, 400, "REQUEST_INVALID"],
    ["jobs/1", undefined, 404, "JOB_NOT_FOUND"],
    ["jobs/abc", undefined, 404, "JOB_NOT_FOUND"],
    ["queues/none", undefined, 404, "QUEUE_NOT_FOUND"],
    ["operations/9", undefined, 404, "OPERATION_NOT_FOUND"],
    ["jobs", {}, 400, "REQUEST_INVALID"],
    ["jobs", { name: "x", payload: "{bad" }, 400, "PAYLOAD_INVALID"],
    ["jobs", { name: "x", payload: "[1e400]" }, 400, "PAYLOAD_INVALID"],
    ["jobs", { name: "x", delay: "soon" }, 400, "INVALID_OPTION"],
    ["jobs", { name: "x", tags: ["schedule:x"] }, 400, "INVALID_OPTION"],
    ["jobs", { duplicateOf: "9" }, 404, "JOB_NOT_FOUND"],
    ["jobs/9/cancel", {}, 404, "JOB_NOT_FOUND"],
    ["limits/none/update", { rate: "1/1m" }, 400, "LIMIT_UNDECLARED"],
    ["operations", { action: "move", q: "" }, 400, "INVALID_OPTION"],
    ["operations/preview", { action: "cancel", q: "state:" }, 400, "FILTER_INVALID"],
    ["workers/9/drain", {}, 404, "WORKER_NOT_FOUND"],
    ["schedules/none/update", { cron: "* * * * *" }, 404, "SCHEDULE_NOT_FOUND"],
  ];

describeSharedDatabases((databases) => {
  test("jobs: pages, counts, details, why, logs and bars", async () => {
    const client = await databases.client();
    const ask = askDashboard(client);
    await client.enqueueMany(
      pay,
      Array.from({ length: 5 }, (_, n) => ({ n })),
      { tags: ["vip"] },
    );
    const first = await client.enqueue("mail", { to: "ada" }, { delay: "1h", lane: "ada" });
    const worker = createWorker(client, {
      handlers: [
        pay.handler(async ({ n }, job) => {
          job.log.info({ n }, "paying");
          if (n === 3) throw new Error("card refused\nsecond line");
          return `paid ${n}`;
        }),
      ],
      queues: { money: { concurrency: 2 } },
    });
    await worker.start();
    const counted = await eventually("all five have ended", async () => {
      const { body } = await ask<JobCountsAnswer>("jobs/counts?q=name:pay");
      const { running, completed, discarded } = body.states;
      // States are counted one after the other: a job that ends meanwhile is seen in both.
      return running.count === 0 && completed.count + discarded.count === 5 && body;
    });
    expect(counted).toMatchObject({
      states: { completed: { count: 4, atLeast: false }, discarded: { count: 1 } },
      matching: { count: 5, atLeast: false },
    });

    const page = await ask<JobsAnswer>("jobs?q=tag:vip&limit=2");
    expect(page.body).toMatchObject({ partial: false, searchedTo: null });
    expect(page.body.jobs.map(({ payload }) => payload)).toEqual(['{"n":4}', '{"n":3}']);
    const [, failed] = page.body.jobs;
    const path = `jobs/${failed?.id}`;
    expect(failed).toMatchObject({
      state: "discarded",
      error: "card refused",
      tags: ["vip"],
      cancelling: false,
    });
    const rest = await ask<JobsAnswer>(`jobs?q=tag:vip&limit=200&after=${page.body.next}`);
    expect([rest.body.jobs.length, rest.body.next]).toEqual([3, null]);
    expect((await ask<JobsAnswer>("jobs?q=error:~REFUSED%20payload.n:3")).body.jobs).toHaveLength(
      1,
    );
    expect((await ask("jobs/counts?q=state:completed")).body).toMatchObject({
      matching: { count: 4 },
      states: { scheduled: { count: 1 } },
    });

    const detail = await ask<JobAnswer>(path);
    expect(detail.body).toMatchObject({
      payload: '{"n":3}',
      result: null,
      redacted: [],
      state: "discarded",
    });
    expect(detail.body.attempts[0]?.error).toMatchObject({
      name: "Error",
      message: "card refused\nsecond line",
    });
    const logs = await ask<JobLogsAnswer>(`${path}/logs`);
    expect(logs.body.lines).toMatchObject([{ level: "info", message: "paying", fields: { n: 3 } }]);
    expect((await ask(`jobs/${first.id}/explain`)).body).toMatchObject({ state: "scheduled" });
    const recent = await ask<JobRecentAnswer>(`${path}/recent`);
    expect(recent.body.jobs).toHaveLength(5);
    expect(recent.body.jobs[1]).toMatchObject({ id: failed?.id });
    expect(recent.body.jobs[1]?.ranMs).toBeGreaterThanOrEqual(0);

    const queue = await ask<QueueAnswer>("queues/money");
    expect(queue.body.limit).toEqual({ places: 2, maxRunning: null, effective: 2 });
    expect(queue.body.workers).toMatchObject([{ id: worker.id, places: 2, state: "running" }]);
    expect(queue.body.queue.history.reduce((sum, one) => sum + one)).toBe(4);
    expect((await ask<QueuesAnswer>("queues")).body.queues.map(({ name }) => name)).toEqual([
      "default",
      "money",
    ]);
    const workers = await ask<WorkersAnswer>("workers");
    expect(workers.body.workers).toMatchObject([
      { id: worker.id, silent: false, versionDiffers: false },
    ]);
    expect((await ask(`workers/${worker.id}/drain`, {})).status).toBe(200);
    await worker.stop();

    expect((await ask("stats/summary")).body).toMatchObject({ completed: 4, discarded: 1 });
    expect((await ask("stats/list?queue=money")).body).toMatchObject({
      entries: [{ name: "pay", completed: 4 }],
      more: false,
    });
    expect((await ask("stats/series?step=5m")).body).toMatchObject({ step: 300_000 });
  });

  test("jobs: enqueued, copied, changed, cancelled, retried, run and removed, all in the audit", async () => {
    const client = await databases.client();
    const ask = askDashboard(client);
    const made = await ask<EnqueueAnswer>("jobs", {
      name: "mail",
      payload: exact,
      queue: "post",
      priority: 2,
      delay: "1h",
      tags: ["a"],
    });
    const { id } = made.body;
    const job = () => ask(`jobs/${id}`).then(({ body }) => body);
    expect(await job()).toMatchObject({
      queue: "post",
      priority: 2,
      state: "scheduled",
      tags: ["a"],
    });
    expect(
      (await ask(`jobs/${id}/update`, { payload: '{"id":98765432109876543210}', priority: 1 }))
        .status,
    ).toBe(200);
    expect((await ask(`jobs/${id}/run-now`, {})).status).toBe(200);
    expect((await ask(`jobs/${id}/cancel`, { why: "no more" })).body).toEqual({
      outcome: "cancelled",
    });
    expect(await job()).toMatchObject({
      state: "cancelled",
      priority: 1,
      reason: { message: "no more", by: "admin@test" },
    });
    expect((await ask(`jobs/${id}/retry`, {})).status).toBe(200);
    const copy = await ask<EnqueueAnswer>("jobs", { duplicateOf: id, queue: "other" });
    expect((await ask(`jobs/${copy.body.id}`)).body).toMatchObject({
      name: "mail",
      queue: "other",
      tags: ["a"],
      priority: 1,
    });
    expect((await ask(`jobs/${id}/delete`, {})).status).toBe(200);
    expect(await ask(`jobs/${id}`)).toMatchObject({ status: 404, body: { code: "JOB_NOT_FOUND" } });
    const { body } = await ask<AuditAnswer>(`audit?target=job:${id}`);
    expect(body.entries.map(({ action }) => action)).toEqual(
      ["delete", "retry", "cancel", "runNow", "update", "enqueue"].map((verb) => `jobs.${verb}`),
    );
    expect(new Set(body.entries.map(({ by }) => by))).toEqual(new Set(["admin@test"]));
  });

  test("queues and limits are set, operations are started, and each is in the audit", async () => {
    const client = await databases.client();
    const ask = askDashboard(client);
    await client.limits.declare({ api: { concurrent: 2 } });
    await client.enqueueMany(pay, [{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect((await ask("queues/money/pause", {})).status).toBe(200);
    const settings = { maxRunning: 3, retention: { completed: "2d" } };
    expect((await ask("queues/money/update", settings)).status).toBe(200);
    expect((await ask<QueueAnswer>("queues/money")).body.queue).toMatchObject({
      paused: true,
      maxRunning: 3,
      retention: { completed: 172_800_000, dead: null },
      changedBy: "admin@test",
      available: { count: 3, atLeast: false },
    });
    expect((await ask("queues/money/resume", {})).status).toBe(200);
    expect((await ask("limits/api/update", { concurrent: 5, rate: "10/1m" })).status).toBe(200);
    expect((await ask<LimitsAnswer>("limits")).body.limits).toMatchObject([
      { scope: "api", concurrent: 5, rate: "10/1m" },
    ]);

    const asked = { action: "cancel", q: "payload.n:2 queue:money", why: "wrong" };
    const preview = await ask("operations/preview", asked);
    expect(preview.body).toMatchObject({
      matched: 1,
      atLeast: false,
      byState: { available: 1 },
      sample: [{ payload: '{"n":2}' }],
    });
    const counted = { action: "cancel", matched: 1, next: null };
    expect((await ask("operations/count", asked)).body).toMatchObject(counted);
    expect((await ask("operations/count", { ...asked, after: "0" })).body).toMatchObject(counted);
    expect((await ask("operations/count", { ...asked, after: "x" })).status).toBe(400);
    const { id } = (await ask<OperationRow>("operations", asked)).body;
    const done = await eventually("it is done", async () => {
      const { body } = await ask<OperationRow>(`operations/${id}`);
      return body.state === "completed" && body;
    });
    expect(done).toMatchObject({ done: 1, q: "queue:money payload.n:2" });
    expect((await ask("operations?limit=1")).body).toMatchObject({
      operations: [{ id, by: "admin@test" }],
      next: null,
    });
    expect((await ask(`operations/${id}/cancel`, {})).body).toEqual({ outcome: "finished" });
    expect(await ask(`operations/${id}/cancel`, {}, "viewer")).toMatchObject({ status: 403 });
    expect(await ask("operations", { ...asked, action: "delete" }, "operator")).toMatchObject({
      status: 403,
    });
    const { body } = await ask<AuditAnswer>("audit?by=admin@test");
    expect(body.entries.map(({ action }) => action).sort()).toEqual([
      "limits.update",
      "operation.completed",
      "operation.started",
      "queues.pause",
      "queues.resume",
      "queues.update",
    ]);
  });

  test("schedules: ticks with their clock changes, bars, and what can be done to them", async () => {
    const client = await databases.client();
    const ask = askDashboard(client);
    const job = { job: "report", payload: { n: 1 }, options: { tags: ["weekly"] } };
    await client.schedules.upsert({
      name: "by hand",
      cron: "30 2 * * *",
      timeZone: "Europe/Berlin",
      ...job,
    });
    await client.schedules.apply([{ name: "declared", every: "1h", ...job }]);
    expect((await ask("schedules/by%20hand/run-now", {})).status).toBe(200);
    const change = { cron: "0 3 * * *", payload: '{"n":12345678901234567890}', overlap: "skip" };
    expect((await ask("schedules/by%20hand/update", change)).status).toBe(200);
    const one = await ask<ScheduleAnswer>("schedules/by%20hand");
    expect(one.body.schedule).toMatchObject({
      cron: "0 3 * * *",
      timeZone: "Europe/Berlin",
      overlap: "skip",
      job: { name: "report", payload: '{"n":12345678901234567890}', tags: ["weekly"] },
      history: [{ state: "available", ranMs: null }],
    });
    expect(one.body.ticks).toHaveLength(10);
    const after = Date.UTC(2027, 2, 26, 12);
    const ticks = await ask<TicksAnswer>(`schedules/by%20hand/ticks?limit=4&after=${after}`);
    const marks = ticks.body.ticks.map((tick) => [tick.offsetMinutes, tick.clockChange]);
    expect(marks).toEqual([
      [60, false],
      [120, true],
      [120, false],
      [120, false],
    ]);
    expect((await ask<ScheduleAnswer>("schedules/declared")).body.ticks[0]).toMatchObject({
      offsetMinutes: null,
      clockChange: false,
    });
    expect(await ask("schedules/declared/update", { every: "2h" })).toMatchObject({
      status: 409,
      body: { code: "SCHEDULE_TAKEN" },
    });
    expect(await ask("schedules/by%20hand/run-now", {})).toMatchObject({
      status: 409,
      body: { code: "SCHEDULE_OVERLAP" },
    });
    expect((await ask("schedules/declared/pause", {})).status).toBe(200);
    const { body } = await ask<SchedulesAnswer>("schedules");
    expect(body.schedules.map(({ name, state }) => [name, state])).toEqual([
      ["by hand", "active"],
      ["declared", "paused"],
    ]);
    expect((await ask("schedules/declared/resume", {})).status).toBe(200);
    expect((await ask("schedules/declared/remove", {})).status).toBe(200);
    expect(await ask("schedules/declared")).toMatchObject({
      status: 404,
      body: { code: "SCHEDULE_NOT_FOUND" },
    });
  });

  test("refusals say what to do", async () => {
    const ask = askDashboard(await databases.client());
    for (const [path, body, status, code] of refusals) {
      const answered = await ask<ProblemAnswer>(path, body);
      expect(answered.body, path).toMatchObject({ status, code });
      expect(answered.body.detail).toMatch(/\.$/);
      expect(answered.status).toBe(status);
    }
  });
});
