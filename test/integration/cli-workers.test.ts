import { writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { defineJob, type MaintenancePass, type WorkerRecord } from "holdfast";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { cliProjects, holdfastModule } from "../support/cli-project.ts";
import { argsOf } from "../support/run-holdfast.ts";
import { describeSharedDatabases } from "./client-databases.ts";

const project = cliProjects();
const modules = {
  "jobs.mjs": `
import { existsSync } from "node:fs";
import { defineJob } from ${holdfastModule};
export const hold = defineJob({ name: "hold", queue: "slow" }).handler(async (until) => {
  console.log("holding");
  while (!existsSync(until)) await new Promise((resolve) => setTimeout(resolve, 10));
});
`,
};
const hold = defineJob<string>({ name: "hold", queue: "slow" });

describeSharedDatabases((databases) => {
  test("workers shows who works and what their maintenance does; drained, holdfast work ends its jobs and exits with 0", async () => {
    const [client, , place] = await databases.onStorage();
    const { folder, holdfast, start } = project({
      ...modules,
      "holdfast.config.mjs": `export default { worker: { heartbeat: "50ms" } };`,
    });
    const args = argsOf(place);
    const run = (...words: readonly string[]) => holdfast(["workers", ...words, ...args]);
    expect(run("list")).toEqual({ code: 0, out: "No live workers.\n", err: "" });

    const working = start(["work", "jobs.mjs", "--queues", "slow=3", ...args]);
    await working.said(/^worker \d+ runs hold/);
    const until = path.join(folder, "enough");
    const { id: job } = await client.enqueue(hold, until);
    await working.said(/holding/);
    const { id } = await eventually("it tells of its job", async () => {
      const [found] = await client.workers.list();
      return found?.report?.jobs.includes(job) === true && found;
    });

    const list = run("list");
    expect(list).toMatchObject({ code: 0, err: "" });
    expect(list.out).toMatch(
      /^WORKER +STATE +HOST +PID +VERSION +RUNNING +LAG +MEMORY +HEARD +QUEUES$/m,
    );
    expect(list.out).toMatch(
      new RegExp(`^ *${id} +running +\\S+ +${working.pid} .* 1 of 50 .* MB .* ago +slow$`, "m"),
    );
    const [listed] = JSON.parse(run("list", "--json").out) as WorkerRecord[];
    expect(listed).toMatchObject({ id, host: hostname(), slots: { slow: 3 }, state: "running" });

    const shown = await eventually("it tells of its maintenance", async () => {
      const answer = run("show", id);
      return /^promote /m.test(answer.out) && answer;
    });
    expect(shown).toMatchObject({ code: 0, err: "" });
    expect(shown.out).toMatch(/^Queues: +slow \(3\)$/m);
    expect(shown.out).toMatch(new RegExp(`^Jobs: +${job}$`, "m"));
    expect(shown.out).toMatch(/^promote .*Z +\d+ms/m);
    const passes = JSON.parse(run("passes", "--json").out) as MaintenancePass[];
    expect(passes.map(({ name, worker }) => [name, worker])).toContainEqual(["rescue", id]);

    // One that is not there is told before any is touched.
    const unknown = run("drain", id, "4711");
    expect(unknown).toMatchObject({ code: 1, out: "" });
    expect(unknown.err).toContain('WORKER_NOT_FOUND: No live worker has the id "4711"');
    expect((await client.workers.get(id))?.state).toBe("running");

    const hasty = run("drain", id, "--by", "ada", "--wait", "100ms");
    expect(hasty).toMatchObject({ code: 1, out: "" });
    expect(hasty.err).toContain(`WAIT_TIMEOUT: After 100ms these still drain: ${id}.`);
    expect(await client.workers.get(id)).toMatchObject({ state: "draining", drainedBy: "ada" });
    const patient = start(["workers", "drain", id, "--wait", "30s", ...args]);
    writeFileSync(until, "");
    const { code, err } = await working.ended;
    expect(code).toBe(0);
    expect(err).toContain("drained by ada");
    // It may have come too late to find the worker, and says so then.
    const { out } = await patient.ended;
    expect([`stopped ${id}\n`, ""]).toContain(out);
    expect((await client.jobs.get(job))?.state).toBe("completed");
    expect(await client.workers.list()).toEqual([]);
  });

  test("workers asked about one that is not there says where to look", async () => {
    const [, , place] = await databases.onStorage();
    const { code, out, err } = project().holdfast(["workers", "show", "7; DROP", ...argsOf(place)]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("WORKER_NOT_FOUND");
    expect(err).toContain("holdfast workers list");
  });
});

test.each([
  [["drain"], "missing required argument"],
  [["drain", "7", "--wait", "soon"], "--wait"],
  [["show", "7", "--frob"], "unknown option"],
  [["stop", "7"], "unknown command"],
] as const)("workers %j is wrong usage: exit code 2", (words, says) => {
  const { code, out, err } = project().holdfast(["workers", ...words, "--url", "sqlite:jobs.db"]);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(says);
});
