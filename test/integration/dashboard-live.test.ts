import { setTimeout as pause } from "node:timers/promises";
import { type Client, createWorker, defineJob } from "holdfast";
import { createDashboard } from "holdfast/dashboard";
import { serveHttp } from "holdfast/http";
import { describe, expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { openBufferingProxy } from "../support/buffering-proxy.ts";
import { type EventWatcher, watchEvents, type WatcherOptions } from "../support/event-watcher.ts";
import { overriddenStorage } from "../support/overridden.ts";
import { type Databases, describeDatabases } from "./client-databases.ts";

const job = defineJob({ name: "job" });

/** A dashboard that is served, and those who watch it. */
async function serve(databases: Databases, client: Client) {
  const dashboard = createDashboard({ client, basePath: "/ops", authorize: () => "operator" });
  const server = databases.closing(await serveHttp(dashboard, { port: 0, host: "127.0.0.1" }));
  const path = (topics: string) => `/ops/api/events?watch=${topics}`;
  return {
    server,
    path,
    async watch(topics: string, options?: WatcherOptions): Promise<EventWatcher> {
      return databases.closing(await watchEvents(server.url + path(topics), options));
    },
  };
}

/** Waits until a watcher was told of so many changes. */
const told = (watcher: EventWatcher, count: number) =>
  eventually(`${count} changes are told`, () => watcher.changes().length >= count);

describeDatabases((databases) => {
  const inMemory = databases.kind === "SQLite in memory";

  test.skipIf(inMemory)("every page is told when what it shows is another", async () => {
    const client = await databases.client();
    const { watch } = await serve(databases, client);
    const held = await client.enqueue(job, {}, { queue: "held" });
    await client.schedules.upsert({ name: "hourly", cron: "0 * * * *", job: "job" });
    const topics = [
      "overview",
      "jobs",
      "queues",
      "workers",
      "schedules",
      "limits",
      "operations",
      "health",
      "audit",
      `job:${held.id}`,
    ];
    const watcher = await watch(topics.join());
    await told(watcher, topics.length);
    const before = watcher.changes().length;
    const worker = createWorker(client, {
      handlers: [job.handler(() => {})],
      heartbeat: "50ms",
    });
    databases.closing({ close: () => worker.stop() });
    await worker.start();
    await Promise.all([
      client.enqueue(job, {}),
      client.queues.pause("held", { by: "ada" }),
      client.schedules.pause("hourly"),
      client.limits.declare({ api: { concurrent: 1 } }),
      client.operations.start({ action: "runNow", filter: {} }),
      client.jobs.cancel(held.id),
    ]);
    await eventually("all of them are told", () => {
      const changed = new Set(watcher.changes().slice(before));
      return topics.every((topic) => changed.has(topic));
    });
  });

  // The rest has nothing to do with which database it is.
  if (!inMemory) return;

  /** A dashboard whose readings of the limits are counted. */
  async function counted() {
    let reads = 0;
    const [client] = await databases.onStorage((storage) =>
      overriddenStorage(storage, {
        listScopes: () => {
          reads += 1;
          return storage.listScopes();
        },
      }),
    );
    return { client, reads: () => reads, ...(await serve(databases, client)) };
  }

  const change = (client: Client, name: string) =>
    client.limits.declare({ [name]: { concurrent: 1 } });

  test("those who watch share a reading; it ends when the last has gone", async () => {
    const { client, watch, reads } = await counted();
    const both = [await watch("limits"), await watch("limits")];
    const idle = await watch("limits", { idle: true });
    for (const each of both) await told(each, 1);
    await change(client, "a");
    for (const each of both) await told(each, 2);
    expect(reads()).toBeLessThanOrEqual(3);
    for (const each of [...both, idle]) await each.close();
    await eventually("nothing is read any more", async () => {
      const before = reads();
      await pause(1_100);
      return reads() === before;
    });
  });

  test("who comes back is told what has changed meanwhile, and nothing else", async () => {
    const { client, watch } = await counted();
    const first = await watch("limits,operations");
    await told(first, 2);
    await first.close();
    await change(client, "a");
    const again = await watch("limits,operations", { lastEventId: first.lastId() });
    await told(again, 1);
    await client.operations.start({ action: "runNow", filter: {} });
    await told(again, 2);
    expect(again.changes()).toEqual(["limits", "operations"]);
  });

  test("a server that closes, and a client that does, let nobody wait", async () => {
    const one = await counted();
    const atServer = await one.watch("limits");
    await told(atServer, 1);
    await one.server.close();
    await eventually("the stream has ended", () => atServer.hasEnded());

    const two = await counted();
    const atClient = await two.watch("limits");
    await told(atClient, 1);
    await two.client.close();
    await eventually("the stream has ended", () => atClient.hasEnded());
  });

  test("what there is not, and what one may not see, cannot be watched", async () => {
    const { client, watch } = await counted();
    const unknown = await watch("cats");
    expect(unknown.status).toBe(400);
    await eventually("it says why", () => unknown.text().includes("REQUEST_INVALID"));
    const viewers = createDashboard({ client, authorize: () => "viewer" });
    const request = new Request("http://localhost/api/events?watch=jobs,audit");
    expect(await (await viewers(request)).json()).toMatchObject({ status: 403, code: "FORBIDDEN" });
  });

  test("the page asks with HEAD, and nothing is left behind", async () => {
    const { server, path, reads } = await counted();
    const { status, headers } = await fetch(server.url + path("limits"), { method: "HEAD" });
    expect(status).toBe(200);
    expect(headers.get("content-type")).toContain("text/event-stream");
    expect(reads()).toBe(0);
  });

  describe("behind a proxy that gathers answers", () => {
    /** What the page goes by: without a hello in time it asks every few seconds instead. */
    const greets = async (watcher: EventWatcher, withinMs: number) => {
      const end = performance.now() + withinMs;
      while (performance.now() < end && !watcher.text().includes("event: hello")) await pause(5);
      return watcher.text().includes("event: hello");
    };

    async function through(bytes: number) {
      const { client, server, path } = await counted();
      const proxy = databases.closing(await openBufferingProxy(server.url, bytes));
      // Behind a proxy that gathers all of it, not even the headers come.
      const watching = watchEvents(proxy.url + path("limits"));
      const watcher = await Promise.race([watching, pause(700).then(() => undefined)]);
      void watching.then((late) => databases.closing(late)).catch(() => {});
      return { client, watcher };
    }

    test("one that gathers 2 KiB passes the hello", async () => {
      const { watcher } = await through(2_048);
      expect(watcher?.headers.get("x-accel-buffering")).toBe("no");
      expect(watcher?.headers.get("cache-control")).toBe("no-store, no-transform");
      expect(watcher !== undefined && (await greets(watcher, 10_000))).toBe(true);
    });

    test("one that gathers all of it passes no hello", async () => {
      const { watcher } = await through(1_000_000);
      expect(watcher !== undefined && (await greets(watcher, 300))).toBe(false);
    });
  });
});
