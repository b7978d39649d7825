import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineJob, type Job } from "holdfast";
import { type CommandOptions, type CommandPlan, command } from "holdfast/process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { isRunning } from "../support/running.ts";
import { recordTelemetry } from "../support/telemetry-recorder.ts";
import { type Bench, describeSharedWorkers } from "./worker-bench.ts";

type Plan = Omit<CommandPlan, "stdin"> & { readonly stdin?: string };

const run = defineJob<Plan>({ name: "run", retry: "none" });
const node = (program: string, ...args: string[]): Plan => ({
  argv: [process.execPath, "-e", program, ...args],
});
const shell = (script: string, ...args: string[]): Plan => ({
  argv: ["sh", "-c", script, "sh", ...args],
});

let folder = "";
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "holdfast-command-")));
  mkdirSync(join(folder, "root/below"), { recursive: true });
  symlinkSync(folder, join(folder, "root/out"));
  symlinkSync(join(folder, "root/below"), join(folder, "root/in"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function handler(options: CommandOptions = {}) {
  const settings = { root: join(folder, "root"), grace: "100ms", ...options } as const;
  return run.handler(
    command<Plan>((plan) => plan, settings as CommandOptions & { output?: "text" }),
  );
}

/** Runs one command to its end, and gives its job. */
async function ran(bench: Bench, plan: Plan): Promise<Job> {
  const { id } = await bench.client.enqueue(run, plan);
  await bench.finished(id);
  return bench.job(id);
}

const errorOf = ({ attempts }: Job) => attempts[0]?.error;

describeSharedWorkers((openBench) => {
  test("its output is the result; no shell reads its arguments, and its input is what it was given", async () => {
    const bench = await openBench();
    await bench.work([handler()]);
    const echo = node(
      "process.stdin.pipe(process.stdout); process.stdout.write(process.argv.slice(1).join('|') + '|')",
      "$(id); rm *",
      "'\"\\",
    );
    await expect(ran(bench, { ...echo, stdin: "typed" })).resolves.toMatchObject({
      state: "completed",
      result: "$(id); rm *|'\"\\|typed",
    });
  });

  test("asked for JSON, its value is the result, and what is none fails the attempt", async () => {
    const bench = await openBench();
    await bench.work([handler({ output: "json" })]);
    await expect(ran(bench, shell(`echo '{"a":[1]}'`))).resolves.toMatchObject({
      result: { a: [1] },
    });
    const failed = await ran(bench, shell("echo nonsense"));
    expect(errorOf(failed)).toMatchObject({ code: "COMMAND_FAILED" });
    expect(errorOf(failed)?.message).toContain('not JSON: "nonsense');
  });

  test("exit codes discard the job, throttle its queue or fail the attempt with the end of its errors", async () => {
    const bench = await openBench();
    await bench.work([handler()]);
    await expect(ran(bench, shell("echo broken >&2; exit 110"))).resolves.toMatchObject({
      state: "discarded",
      reason: { code: "JOB_DISCARDED", message: "sh exited with code 110: broken" },
    });
    const failed = await ran(bench, shell("echo no such thing >&2; exit 3"));
    expect(errorOf(failed)).toMatchObject({
      code: "COMMAND_FAILED",
      message: "sh exited with code 3: no such thing.",
    });
    const killed = await ran(bench, shell("kill -9 $$"));
    expect(errorOf(killed)).toMatchObject({ message: "sh was ended by SIGKILL." });
    const missing = await ran(bench, { argv: ["no-such-program"] });
    expect(errorOf(missing)).toMatchObject({ code: "COMMAND_FAILED" });
    const { id } = await bench.client.enqueue(run, shell("exit 111"));
    const throttled = await bench.jobOnce(id, "is put off", ({ state }) => state === "scheduled");
    expect(throttled.attempt).toBe(0);
    expect((await bench.storage.getCooling("default")).level).toBe(1);
  });

  test("its environment is PATH, what is named and the job's own", async () => {
    const bench = await openBench();
    process.env["HOLDFAST_TEST_SECRET"] = "secret";
    process.env["HOLDFAST_TEST_NAMED"] = "named";
    await bench.work([handler({ inherit: ["HOLDFAST_TEST_NAMED"], output: "json" })]);
    const print = node("console.log(JSON.stringify(process.env))");
    const { id, result } = await ran(bench, { ...print, env: { OWN: "own" } });
    expect(result).toEqual({
      PATH: process.env["PATH"],
      HOLDFAST_TEST_NAMED: "named",
      OWN: "own",
      HOLDFAST_JOB_ID: id,
      HOLDFAST_JOB_RUN: "1",
      HOLDFAST_JOB_NAME: "run",
      HOLDFAST_ATTEMPT: "1",
      HOLDFAST_QUEUE: "default",
    });
  });

  test("it is told of the trace its job runs in", async () => {
    const { telemetry, spansOnce } = recordTelemetry();
    const bench = await openBench({ telemetry });
    await bench.work([handler()]);
    const { result } = await ran(bench, node("process.stdout.write(process.env.TRACEPARENT)"));
    const [span] = await spansOnce("process default", 1);
    const { traceId = "", spanId = "" } = span?.spanContext() ?? {};
    expect(result).toBe(`00-${traceId}-${spanId}-01`);
  });

  test("it runs in the root or below it, and nowhere symbolic links lead out of it", async () => {
    const bench = await openBench();
    await bench.work([handler()]);
    const whereabouts = node("process.stdout.write(process.cwd())");
    const root = join(folder, "root");
    const places = { ".": root, below: `${root}/below`, in: `${root}/below`, "out/root": root };
    for (const [cwd, place] of Object.entries(places)) {
      await expect(ran(bench, { ...whereabouts, cwd })).resolves.toMatchObject({ result: place });
    }
    const leave = node("require('node:fs').writeFileSync('left', '')");
    for (const cwd of ["..", "out", "below/../..", folder, "/"]) {
      const job = await ran(bench, { ...leave, cwd });
      expect(errorOf(job), cwd).toMatchObject({ code: "CWD_OUTSIDE_ROOT" });
    }
    expect(existsSync(join(folder, "left"))).toBe(false);
    const nowhere = await ran(bench, { ...whereabouts, cwd: "nowhere" });
    expect(errorOf(nowhere)).toMatchObject({ code: "COMMAND_FAILED" });
  });

  test("its output is kept up to a cap, with a mark in place of the rest", async () => {
    const bench = await openBench();
    await bench.work([handler({ maxOutput: 10 })]);
    const much = node("process.stdout.write('ä'.repeat(100_000))");
    const job = await ran(bench, much);
    expect(job.result).toBe("äääää\n[199990 more bytes were dropped]");
  });

  test.each(["timeout", "cancel", "shutdown"] as const)(
    "a %s ends the whole process group, also of a child that ignores SIGTERM",
    async (why) => {
      const bench = await openBench();
      const stubborn = defineJob({
        name: "stubborn",
        retry: "none",
        timeout: why === "timeout" ? "2s" : "1m",
      });
      const pids = join(folder, `pids-${Math.random()}`);
      const script = `trap '' TERM; sleep 1000 & echo $$ $! > "$1"; wait; wait; sleep 1000`;
      const plan = () => shell(script, pids);
      const worker = await bench.work([stubborn.handler(command(plan, { grace: "100ms" }))], {
        grace: "10s",
      });
      const { id } = await bench.client.enqueue(stubborn, {});
      const group = await eventually("the command has started", () => readPids(pids));
      expect(group.map(isRunning)).toEqual([true, true]);
      if (why === "cancel") await bench.client.jobs.cancel(id);
      if (why === "shutdown") await worker.stop();
      const over = await bench.jobOnce(id, "is over", ({ state }) => state !== "running");
      expect(group.map(isRunning)).toEqual([false, false]);
      const ends = { timeout: "discarded", cancel: "cancelled", shutdown: "available" };
      expect(over.state).toBe(ends[why]);
    },
  );

  test("one that ends well when told to stop has not done its job", async () => {
    const bench = await openBench();
    const polite = defineJob({ name: "polite", retry: "none", timeout: "1s" });
    const plan = () =>
      node("process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000)");
    await bench.work([polite.handler(command(plan, { grace: "5s" }))], { grace: "10s" });
    const { id } = await bench.client.enqueue(polite, {});
    await bench.finished(id);
    const { attempts, result } = await bench.job(id);
    expect(attempts).toMatchObject([{ how: "timed-out" }]);
    expect(result).toBeUndefined();
  });

  test("what it leaves running does not hold the job, and is ended", async () => {
    const bench = await openBench();
    await bench.work([handler()]);
    const { result } = await ran(bench, shell("sleep 1000 & echo $!"));
    expect(isRunning(Number(result))).toBe(false);
  });
});

function readPids(path: string): readonly number[] | undefined {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  return text.endsWith("\n") ? text.trim().split(" ").map(Number) : undefined;
}
