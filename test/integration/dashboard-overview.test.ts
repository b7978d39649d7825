import { type Client, defineJob, HoldfastError } from "holdfast";
import { createDashboard, type DashboardOptions } from "holdfast/dashboard";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { overriddenStorage } from "../support/overridden.ts";
import { describeWorkers } from "./worker-bench.ts";

const job = defineJob({ name: "job", retry: "none" });

/** A dashboard of a client, asked for JSON. */
function ask(client: Client, redact?: DashboardOptions["redact"]) {
  const hidden = redact === undefined ? {} : { redact };
  const dashboard = createDashboard({ client, authorize: () => "viewer", ...hidden });
  return async (path: string) => {
    const answer = await dashboard(new Request(`http://localhost/api/${path}`));
    expect(answer.status).toBe(200);
    return (await answer.json()) as never;
  };
}

interface Overview {
  readonly attention: readonly { readonly kind: string; readonly subject: string }[];
  readonly tiles: Readonly<Record<string, unknown>>;
  readonly queues: readonly { readonly name: string; readonly failed: number }[];
  readonly deploys: readonly unknown[];
}

interface Health {
  readonly findings: readonly { readonly code: string; readonly fix: string }[];
  readonly passes: readonly { readonly name: string }[];
  readonly facts: readonly { readonly name: string; readonly value: string | number }[];
}

describeWorkers((openBench, databases) => {
  test("the overview and the health page tell what there is, and what somebody should look at", async () => {
    const { client, ...bench } = await openBench();
    const get = ask(client);
    expect(await get("overview")).toMatchObject({ attention: [], queues: [], deploys: [] });

    await client.queues.pause("paused", { by: "ada" });
    await client.enqueue(job, {}, { queue: "unserved" });
    const failing = job.handler(() => {
      throw new Error("no");
    });
    await bench.work([failing], { heartbeat: "50ms" });
    const { id } = await client.enqueue(job, {});
    await bench.finished(id);

    const overview = await eventually("it tells what was given up", async () => {
      const told = await (get("overview") as Promise<Overview>);
      const isTold = told.attention.some(({ kind }) => kind === "jobs-discarded");
      // A worker's own report is as old as its last heartbeat.
      return isTold && told.tiles["busy"] === 0 && told;
    });
    expect(overview.attention.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
      "queue-unserved unserved",
      "jobs-discarded default",
      "queue-paused paused",
    ]);
    expect(overview.queues).toMatchObject([
      { name: "default", failed: 1, unserved: false, paused: false },
      { name: "paused", failed: 0, paused: true },
      { name: "unserved", unserved: true, states: { available: { count: 1, atLeast: false } } },
    ]);
    expect(overview.tiles).toMatchObject({ waiting: { count: 1, atLeast: false }, busy: 0 });
    expect(overview.tiles["oldestWaitingMs"]).toBeGreaterThanOrEqual(0);
    expect(overview.deploys).toHaveLength(1);

    const health = await eventually("it tells of the maintenance", async () => {
      const told = await (get("health") as Promise<Health>);
      return told.passes.length > 0 && told;
    });
    const unserved = health.findings.find(({ code }) => code === "queue-unserved");
    expect(unserved?.fix).toContain("worker");
    const facts = new Map(health.facts.map(({ name, value }) => [name, value]));
    expect(facts.get("migration")).toBe(facts.get("latestMigration"));
    expect(facts.get("writable")).toBe("yes");
    expect(facts.has("connectionsUsed")).toBe(databases.kind === "PostgreSQL");
    expect(facts.has("fileBytes")).toBe(databases.kind === "a SQLite file");
  });

  if (databases.kind !== "SQLite in memory") return;

  test("all who ask within a second share one reading", async () => {
    let reads = 0;
    const { client } = await openBench({
      wrap: (storage) =>
        overriddenStorage(storage, {
          readGauges: (now) => {
            reads += 1;
            return storage.readGauges(now);
          },
        }),
    });
    const get = ask(client);
    await Promise.all([get("overview"), get("overview"), get("overview")]);
    await get("overview");
    expect(reads).toBe(1);
  });

  test("findings tell no keys, which are made of payloads, to whom payloads are hidden", async () => {
    const { client, work } = await openBench();
    const unique = { key: "ada@example.com", onConflict: "error" } as const;
    const keyed = defineJob({ name: "keyed", unique });
    await client.enqueue(keyed, {}, { delay: "1h" });
    await client.schedules.upsert({ name: "vain", every: "1s", job: keyed, payload: {} });
    await work([job.handler(() => {})]);
    await eventually("it fails", async () => {
      return (await client.schedules.get("vain"))?.state === "failing";
    });
    const told = async (redact?: DashboardOptions["redact"]) =>
      JSON.stringify(await ask(client, redact)("health"));
    expect(await told()).toContain("ada@example.com");
    const hidden = await told(["payload.email"]);
    expect(hidden).toContain("schedule-failing");
    expect(hidden).not.toContain("ada@example.com");
  });

  test("of a database that does not answer the health page tells so, and nothing more", async () => {
    const gone = new HoldfastError("STORAGE_UNAVAILABLE", "It cannot be reached.");
    let isGone = false;
    const { client } = await openBench({
      wrap: (storage) => {
        const unlessGone =
          <Answer>(read: () => Promise<Answer>) =>
          () =>
            isGone ? Promise.reject(gone) : read();
        return overriddenStorage(storage, {
          listWorkers: unlessGone(() => storage.listWorkers()),
          schemaStatus: unlessGone(() => storage.schemaStatus()),
          serverTime: unlessGone(() => storage.serverTime()),
          readHealth: unlessGone(() => storage.readHealth()),
        });
      },
    });
    isGone = true;
    expect(await ask(client)("health")).toMatchObject({
      findings: [{ code: "database-unreachable" }],
      passes: [],
      facts: [],
    });
  });
});
