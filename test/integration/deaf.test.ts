import { symlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type AbortReason, type Client, createClient, createWorker, defineJob } from "holdfast";
import { expect, inject, type TestContext, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { freshDatabase } from "../support/fresh-database.ts";
import { createLatch } from "../support/latch.ts";
import { type ListenFate, openSeveringProxy } from "../support/severing-proxy.ts";
import { silent, sqliteFiles } from "./client-databases.ts";
import { only } from "./doctor-bench.ts";

/** The polling floor of these workers. */
const pollMs = 250;
/** One that trusted wakeups would rest for fifteen polls by now. */
const longIdleMs = 14 * pollMs;
/** Less than it would have left of that rest, and plenty for a worker that does not trust them, on a busy machine too. */
const promptMs = pollMs + 2_000;
const heartbeatMs = 500;
/** How often a worker that does not trust wakeups asks for what operators have ordered. */
const ordersMs = 2_000;

const greet = defineJob<string, string>({ name: "greet", queue: "deaf" });
const paused = defineJob<string, string>({ name: "paused", queue: "deaf-paused" });
const wait = defineJob<null>({ name: "wait", queue: "deaf" });
const limited = defineJob<string, string>({
  name: "limited",
  queue: "deaf",
  limits: [{ scope: "deaf-limit", concurrent: 1 }],
});
const meet = defineJob<null, string>({ name: "meet", queue: "deaf-meet" });
const laned = defineJob<string, string>({ name: "laned", queue: "deaf", lane: () => "deaf-lane" });

type Finish = Pick<TestContext, "onTestFinished">;

/** Two processes as the database sees them: one works, the other has the operator. */
async function twoProcesses({ onTestFinished }: Finish, url: string, poll: number) {
  const open = async () => {
    const client = await createClient(url, { logger: silent });
    onTestFinished(() => client.close());
    return client;
  };
  const [working, other] = [await open(), await open()];
  const began = createLatch();
  const seen: { reason?: AbortReason } = {};
  const hello = (name: string) => `hello ${name}`;
  const met = createLatch();
  let meeting = 0;
  const worker = createWorker(working, {
    handlers: [
      ...[greet, paused, limited, laned].map((job) => job.handler(hello)),
      meet.handler(async () => {
        if (++meeting === 2) met.open();
        await met.opened;
        return "met";
      }),
      wait.handler(async (_payload, { signal }) => {
        began.open();
        await sleep(60_000, undefined, { signal }).catch(() => {});
        seen.reason = signal.reason as AbortReason;
        signal.throwIfAborted();
      }),
    ],
    queues: {
      deaf: { concurrency: 10 },
      "deaf-paused": { concurrency: 10 },
      "deaf-meet": { concurrency: 1 },
    },
    poll,
    heartbeat: heartbeatMs,
    drain: "100ms",
    grace: "100ms",
  });
  await worker.start();
  onTestFinished(() => worker.stop());
  return { worker, other, began: began.opened, seen };
}

/** How long jobs take to complete from now on, in milliseconds. */
async function completing(client: Client, ...ids: readonly string[]): Promise<number> {
  const since = performance.now();
  await client.handles(ids).all({ timeout: "50s" });
  return performance.now() - since;
}

type Processes = Awaited<ReturnType<typeof twoProcesses>>;

/** What else must work although nobody hears anybody. */
const features: Readonly<Record<string, (processes: Processes) => Promise<void>>> = {
  async promotion({ other }) {
    const { id } = await other.enqueue(greet, "bob", { delay: 300 });
    expect(await completing(other, id), "a job due soon").toBeLessThan(300 + promptMs);
  },
  async cancel({ other, began, seen }) {
    const { id } = await other.enqueue(wait, null);
    await began;
    expect(await other.jobs.cancel(id, { by: "ada", why: "enough" })).toBe("cancelling");
    const asked = performance.now();
    await other.handle(id).finished({ timeout: "20s" });
    expect(performance.now() - asked, "a cancel").toBeLessThan(heartbeatMs + promptMs);
    expect(seen.reason).toMatchObject({ kind: "cancel", by: "ada", message: "enough" });
  },
  async pause({ other }) {
    await other.queues.pause("deaf-paused");
    const { id } = await other.enqueue(paused, "ada");
    await sleep(2 * pollMs);
    expect(await other.jobs.get(id)).toMatchObject({ state: "available" });
    await other.queues.resume("deaf-paused");
    expect(await completing(other, id), "a queue that goes on").toBeLessThan(promptMs);
  },
  async settings({ other }) {
    const pair = await other.enqueueMany(meet, [null, null]);
    await other.queues.update("deaf-meet", { concurrency: 2 });
    const ids = pair.map(({ id }) => id);
    expect(await completing(other, ...ids), "a setting").toBeLessThan(ordersMs + promptMs);
  },
  async update({ other }) {
    const { id } = await other.enqueue(greet, "later", { delay: "1h" });
    await other.jobs.update(id, { delay: 0 });
    expect(await completing(other, id), "a job's new time").toBeLessThan(promptMs);
  },
  async byHand({ other }) {
    const now = await other.enqueue(greet, "now", { delay: "1h" });
    const again = await other.enqueue(greet, "again", { delay: "1h" });
    await other.jobs.runNow(now.id);
    await other.jobs.cancel(again.id);
    await other.jobs.retry(again.id);
    expect(await completing(other, now.id, again.id), "runNow and retry").toBeLessThan(promptMs);
  },
  async admission({ other }) {
    const pair = await other.enqueueMany(limited, ["one", "two"]);
    const lane = await other.enqueueMany(laned, ["one", "two", "three"]);
    const ids = [...pair, ...lane].map(({ id }) => id);
    expect(await completing(other, ...ids), "a limit and a lane").toBeLessThan(3 * promptMs);
  },
  async doctor({ other }) {
    const diagnosis = await other.doctor();
    expect(only("wakeups-dead", diagnosis)).toHaveLength(1);
    expect(diagnosis.healthy).toBe(true);
  },
};

const file = sqliteFiles();

/** Databases on which no wakeup arrives. */
const deafPlaces: Readonly<Record<string, (context: Finish) => Promise<string>>> = {
  "PostgreSQL, listeners cut": (context) => throughProxy(context, "cut"),
  "PostgreSQL, listeners muted": (context) => throughProxy(context, "mute"),
  "a SQLite file, its marker unusable": async () => {
    const { url } = file();
    symlinkSync("/nowhere/at/all", `${url.slice("sqlite:".length)}-wake`);
    return url;
  },
};

async function throughProxy({ onTestFinished }: Finish, fate: ListenFate): Promise<string> {
  const database = await freshDatabase(inject("databaseUrl"));
  onTestFinished(() => database.drop());
  const proxy = await openSeveringProxy(database.url, fate);
  onTestFinished(() => proxy.close());
  return proxy.url;
}

test.concurrent.for(Object.entries(deafPlaces))(
  "wakeups-dead: on %s, every feature works within the polling floor, and the doctor says so",
  async ([, open], context) => {
    const processes = await twoProcesses(context, await open(context), pollMs);
    await sleep(longIdleMs);
    // By itself: with any other feature a worker may look for reasons of its own.
    const { id } = await processes.other.enqueue(greet, "ada");
    expect(await completing(processes.other, id), "a job").toBeLessThan(promptMs);
    await Promise.all(Object.values(features).map((feature) => feature(processes)));
    const { worker, other } = processes;
    const asked = performance.now();
    await other.workers.drain(worker.id ?? "");
    await worker.stopped;
    expect(performance.now() - asked, "a drain").toBeLessThan(ordersMs + promptMs);
  },
);

test.concurrent("a worker that trusts wakeups looks again at once when its listener is cut, and trusts them again when it is back", async (context) => {
  const database = await freshDatabase(inject("databaseUrl"));
  context.onTestFinished(() => database.drop());
  const proxy = await openSeveringProxy(database.url);
  context.onTestFinished(() => proxy.close());
  const { other } = await twoProcesses(context, proxy.url, 20_000);
  const start = async (name: string) => {
    const { id } = await other.enqueue(greet, name);
    return completing(other, id);
  };
  await eventually("it is woken", async () => (await start("ada")) < 1_000);
  expect(only("wakeups-dead", await other.doctor())).toEqual([]);

  const { id } = await other.enqueue(greet, "lost", { delay: "1h" });
  proxy.decide("cut");
  expect(only("wakeups-dead", await other.doctor())).toHaveLength(1);
  await other.jobs.runNow(id);
  proxy.decide("pass");
  // It finds what it missed when it listens again, long before its next look.
  expect(await completing(other, id)).toBeLessThan(10_000);
  await eventually("it is woken again", async () => (await start("bob")) < 1_000);
});
