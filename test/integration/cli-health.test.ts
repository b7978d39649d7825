import { writeFileSync } from "node:fs";
import path from "node:path";
import { defineJob } from "holdfast";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { cliProjects, holdfastModule } from "../support/cli-project.ts";
import { freePort } from "../support/free-port.ts";
import { parseMetrics } from "../support/parse-metrics.ts";
import { argsOf } from "../support/run-holdfast.ts";
import { describeSharedDatabases } from "./client-databases.ts";

const project = cliProjects();

const modules = {
  "hold.mjs": `
import { existsSync } from "node:fs";
import { defineJob } from ${holdfastModule};
export default defineJob({ name: "hold" }).handler(async ({ until }) => {
  while (until && !existsSync(until)) await new Promise((resolve) => setTimeout(resolve, 10));
});
`,
};
const hold = defineJob<{ until?: string }>({ name: "hold" });

async function statusOf(url: string): Promise<number> {
  return (await fetch(url)).status;
}

async function countersOf(url: string) {
  const { values } = parseMetrics(await (await fetch(`${url}/metrics`)).text());
  return [...values].filter(([series]) => /_total|_bucket|_sum|_count\{/.test(series));
}

describeSharedDatabases((databases) => {
  test("work --health-port tells that it is ready, then that it drains, and the same counters as another process", async () => {
    const [client, , place] = await databases.onStorage();
    const { folder, start } = project(modules);
    const flags = ["--health-port", "0", "--health-host", "127.0.0.1", "--json"];
    const one = start(["work", "hold.mjs", ...flags, ...argsOf(place)]);
    const port = String(await freePort());
    const other = start(["work", "hold.mjs", "--queues", "other", ...argsOf(place)], {
      HOLDFAST_HEALTH_PORT: port,
    });
    const { health } = JSON.parse(await one.said(/\n/)) as { readonly health: string };
    const [, there = ""] = /health at (\S+)\n/.exec(await other.said(/\n/)) ?? [];
    expect([new URL(health).hostname, there]).toEqual(["127.0.0.1", `http://localhost:${port}`]);
    expect(await Promise.all([statusOf(`${health}/readyz`), statusOf(`${there}/readyz`)])).toEqual([
      200, 200,
    ]);
    for (let n = 0; n < 3; n++) {
      const { id } = await client.enqueue(hold, {});
      await client.handle(id).finished({ timeout: "20s" });
    }
    const told = await countersOf(there);
    expect(told).toEqual(await countersOf(health));
    expect(new Map(told).get('holdfast_jobs_completed_total{queue="default",name="hold"}')).toBe(3);

    const until = path.join(folder, "enough");
    const held = await client.enqueue(hold, { until });
    await eventually("it runs", async () => (await client.jobs.get(held.id))?.state === "running");
    one.kill("SIGTERM");
    await eventually("it is not ready", async () => (await statusOf(`${health}/readyz`)) === 503);
    expect(await (await fetch(`${health}/readyz`)).json()).toMatchObject({
      code: "NOT_READY",
      checks: { worker: "draining" },
    });
    expect(await statusOf(`${health}/livez`)).toBe(200);
    writeFileSync(until, "");
    expect(await one.ended).toMatchObject({ code: 0 });
    await expect(fetch(`${health}/livez`)).rejects.toThrow("fetch failed");
    other.kill("SIGTERM");
    expect(await other.ended).toMatchObject({ code: 0 });
  });
});

test("a port that is none is wrong usage, and one that is taken says so", async () => {
  const { holdfast, start } = project(modules);
  const run = (args: readonly string[], env = {}) =>
    holdfast(["work", "hold.mjs", "--url", "sqlite::memory:", ...args], env);
  for (const [args, env, says] of [
    [["--health-port", "70000"], {}, "--health-port must be a port, 0 to 65535; got 70000"],
    [
      [],
      { HOLDFAST_HEALTH_PORT: "http" },
      'HOLDFAST_HEALTH_PORT must be a port, 0 to 65535; got "http"',
    ],
  ] as const) {
    const { code, err } = run(args, env);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(says) as unknown });
  }
  const flags = ["--url", "sqlite::memory:", "--health-host", "127.0.0.1", "--health-port"];
  const first = start(["work", "hold.mjs", ...flags, "0"]);
  const [, port = ""] = /health at \S+:(\d+)\n/.exec(await first.said(/\n/)) ?? [];
  const second = start(["work", "hold.mjs", ...flags, port]);
  expect(await second.ended).toMatchObject({
    code: 1,
    err: expect.stringContaining(`LISTEN_FAILED: Cannot listen on port ${port}`) as unknown,
  });
  first.kill("SIGTERM");
  await first.ended;
});
