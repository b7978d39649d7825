import { createClient, createWorker, defineJob } from "holdfast";
import { afterAll, beforeAll, expect, test } from "vitest";
import { routes } from "../../src/dashboard/routes.ts";
import { eventually } from "../conformance/eventually.ts";
import { type Ask, askDashboard } from "../support/ask-dashboard.ts";
import { routeOf } from "../support/check-answer.ts";
import { silent } from "./client-databases.ts";

/** A call of every route, each of which must succeed; `askDashboard` compares the answers with the document. */
const calls: readonly (readonly [path: string, body?: object])[] = [
  ["session"],
  ["openapi.json"],
  ["jobs"],
  ["jobs?q=state:discarded"],
  ["jobs/counts"],
  ["jobs/values?field=name&prefix=h"],
  ["jobs/FAILED"],
  ["jobs/HELD"],
  ["jobs/WAITING"],
  ["jobs/FAILED/explain"],
  ["jobs/HELD/explain"],
  ["jobs/WAITING/explain"],
  ["jobs/FAILED/logs"],
  ["jobs/FAILED/recent"],
  ["queues"],
  ["queues/work"],
  ["workers"],
  ["schedules"],
  ["schedules/nightly"],
  ["schedules/nightly/ticks"],
  ["limits"],
  ["stats/series"],
  ["stats/summary"],
  ["stats/list"],
  ["overview"],
  ["health"],
  ["jobs", { name: "held", payload: "1" }],
  ["jobs/WAITING/update", { priority: 3 }],
  ["jobs/WAITING/run-now", {}],
  ["jobs/HELD/cancel", { why: "enough" }],
  ["jobs/FAILED/retry", {}],
  ["jobs/OTHER/delete", {}],
  ["queues/work/update", { maxRunning: 7 }],
  ["queues/work/pause", {}],
  ["queues/work/resume", {}],
  ["limits/api/update", { concurrent: 3 }],
  ["schedules/nightly/update", { cron: "0 4 * * *" }],
  ["schedules/nightly/run-now", {}],
  ["schedules/nightly/pause", {}],
  ["schedules/nightly/resume", {}],
  ["operations/preview", { action: "cancel", q: "name:none" }],
  ["operations/count", { action: "cancel", q: "name:none" }],
  ["operations", { action: "cancel", q: "name:none" }],
  ["operations"],
  ["operations/OPERATION"],
  ["operations/OPERATION/cancel", {}],
  ["workers/WORKER/drain", {}],
  ["schedules/nightly/remove", {}],
  ["audit"],
];

/** Streams have no end that could be waited for; the tests of live changes read them. */
const streams = routes.filter(({ answer }) => answer === "EventStream");

const held = defineJob<number>({
  name: "held",
  queue: "work",
  limits: [{ scope: "api", concurrent: 1 }],
});
const failing = defineJob<number>({ name: "failing", queue: "work", retry: { attempts: 1 } });
const ends: (() => Promise<unknown>)[] = [];
let ask: Ask;
const names: Record<string, string> = {};

beforeAll(async () => {
  const client = await createClient({ url: "sqlite::memory:", logger: silent });
  await client.limits.declare({ api: { concurrent: 1 } });
  const worker = createWorker(client, {
    handlers: [
      held.handler(async (_n, { signal }) => {
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      }),
      failing.handler((n, job) => {
        job.log.warn({ n }, "about to fail");
        throw new Error("it failed", { cause: new TypeError("inside") });
      }),
    ],
  });
  ends.push(
    () => worker.stop(),
    () => client.close(),
  );
  await worker.start();
  const job = { job: "failing", payload: { n: 1 } };
  await client.schedules.upsert({
    name: "nightly",
    cron: "0 3 * * *",
    timeZone: "Europe/Berlin",
    ...job,
  });
  const enqueued = {
    FAILED: await client.enqueue(failing, 1, { tags: ["vip"] }),
    HELD: await client.enqueue(held, 1),
    OTHER: await client.enqueue(failing, 2, { delay: "1h" }),
    WAITING: await client.enqueue(failing, 3, { delay: "1h", lane: "one" }),
  };
  for (const [name, { id }] of Object.entries(enqueued)) names[name] = id;
  names["WORKER"] = worker.id ?? "";
  await client.handle(enqueued.FAILED.id).finished({ timeout: "20s" });
  await eventually("it is held", async () => {
    return (await client.jobs.get(enqueued.HELD.id))?.state === "running";
  });
  ask = askDashboard(client);
});
afterAll(async () => {
  for (const end of ends) await end();
});

test.each(calls.map(([path, body]) => ({ path, body })))(
  "$path $body is answered as the document says",
  async ({ path, body }) => {
    const named = path.replace(/[A-Z]{4,}/, (name) => names[name] ?? name);
    const { status, body: told } = await ask<{ readonly id: string }>(named, body);
    expect(told).toEqual(status === 200 ? told : {});
    if (path === "operations" && body !== undefined) names["OPERATION"] = told.id;
  },
);

test("every route was called", () => {
  const called = calls.map(([path, body]) => pathOf(path, body));
  const missing = routes.filter(
    (route) => !streams.includes(route) && !called.includes(route.path),
  );
  expect(missing.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
});

function pathOf(path: string, body: object | undefined): string {
  return routeOf(body === undefined ? "GET" : "POST", `/api/${path.split("?")[0]}`);
}
