import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import {
  type Client,
  createClient,
  createWorker,
  defineJob,
  type Job,
  type Operation,
} from "holdfast";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCli } from "../../src/cli/run-cli.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { eventually } from "../conformance/eventually.ts";
import { argsOf, runHoldfast } from "../support/run-holdfast.ts";
import { type DatabasePlace, describeDatabases, silent } from "./client-databases.ts";

const folder = mkdtempSync(path.join(tmpdir(), "holdfast-cli-bulk-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = { USER: "ada", NO_COLOR: "1" };

/** Runs the command line in this process. */
const cli = (...args: readonly string[]) => interruptible(args, () => () => {});

async function interruptible(args: readonly string[], onSignal: Terminal["onSignal"]) {
  let [out, err] = ["", ""];
  const terminal: Terminal = {
    env,
    isTerminal: { in: false, out: false, err: false },
    out: (text) => (out += text),
    err: (text) => (err += text),
    input: () => Readable.from([]),
    onSignal,
    flushed: async () => {},
  };
  const code = await runCli(args, terminal);
  return { code, out, err };
}

const send = defineJob<{ n: number }>({ name: "send-mail", queue: "mail" });

/** Text like this. */
const like = (pattern: RegExp): string => expect.stringMatching(pattern) as string;

/** Text with this in it. */
const saying = (text: string): string => expect.stringContaining(text) as string;

describeDatabases((databases) => {
  if (databases.kind === "SQLite in memory") {
    test("jobs list of a database without a schema says what to do", async () => {
      const { code, err } = await cli("jobs", "list", ...argsOf(databases.place()));
      expect(code).toBe(1);
      expect(err).toMatch(/^holdfast: SCHEMA_OUT_OF_DATE: .*npx holdfast migrate/);
    });
    return;
  }

  /** Ten cancelled jobs, one scheduled, one available. */
  async function mail() {
    const [client, , place] = await databases.onStorage();
    const payloads = Array.from({ length: 10 }, (_, n) => ({ n }));
    const ids = (await client.enqueueMany(send, payloads)).map(({ id }) => id);
    for (const id of ids) await client.jobs.cancel(id, { why: "relay down" });
    const { id: later } = await client.enqueue(send, { n: 10 }, { delay: "1h" });
    const { id: due } = await client.enqueue("other", null);
    const run = (...args: readonly string[]) => cli(...args, ...argsOf(place));
    return { client, place, ids: [...ids, later, due], later, due, run };
  }

  test("jobs are listed, counted, shown and explained", async () => {
    const { ids, run } = await mail();
    const page = await run("jobs", "list", "--state", "cancelled", "--payload", "n=3", "--json");
    expect(page).toMatchObject({ code: 0, err: "" });
    const { jobs, next } = JSON.parse(page.out) as { jobs: readonly Job[]; next: string | null };
    expect([jobs.map(({ id }) => id), next]).toEqual([[ids[3]], null]);
    const text = await run("jobs", "list", "--name", "send-*", "--limit", "2");
    expect(text.out).toMatch(/^JOB +STATE +NAME +QUEUE/);
    expect(text.out).toMatch(new RegExp(`^${ids[10]} +scheduled +send-mail +mail`, "m"));
    expect(text.err).toBe(`holdfast: there are more: --after ${ids[9]}\n`);
    const counts = await run("jobs", "list", "--count", "--error", "RELAY", "--json");
    expect(JSON.parse(counts.out)).toMatchObject({ cancelled: 10, scheduled: 0 });
    const shown = await run("jobs", "show", ids[0] ?? "");
    expect(shown.out).toMatch(/^reason: +JOB_CANCELLED: relay down$/m);
    const why = await run("jobs", "explain", ids[11] ?? "");
    expect(why.out).toBe(
      `Job ${ids[11]} is available.\nNo live worker serves its queue "default".\n`,
    );
    expect(await run("jobs", "explain", "999999")).toMatchObject({
      code: 1,
      err: like(/^holdfast: JOB_NOT_FOUND: /),
    });
  });

  test("what a job has logged is shown, also while nobody works any more", async () => {
    const { client, ids, run } = await mail();
    const talk = defineJob({ name: "talk", queue: "talks" });
    const handler = talk.handler((_, job) => {
      job.log.warn({ n: 1 }, "hello there");
    });
    const worker = createWorker(client, { handlers: [handler] });
    await worker.start();
    const { id } = await client.enqueue(talk, undefined);
    await client.handle(id).finished({ timeout: "30s" });
    await worker.stop();
    const shown = await run("jobs", "logs", id);
    expect(shown).toMatchObject({ code: 0, err: "" });
    expect(shown.out).toMatch(
      /^AT +ATTEMPT +LEVEL +MESSAGE +FIELDS\n\S+ +1 +warn +hello there +\{"n":1\}$/m,
    );
    expect((await run("jobs", "logs", ids[0] ?? "")).out).toBe("It has logged nothing.\n");
    expect(await run("jobs", "logs", "999999")).toMatchObject({ code: 1, out: "" });
  });

  test("jobs by id are changed one after the other, up to the first that cannot be", async () => {
    const { client, ids, run } = await mail();
    const [first = "", second = ""] = ids;
    expect(await run("jobs", "retry", first, second)).toEqual({
      code: 0,
      out: `retried ${first}\nretried ${second}\n`,
      err: "",
    });
    const stopped = await run("jobs", "delete", second, "999999", first);
    expect(stopped).toMatchObject({ code: 1, out: `deleted ${second}\n` });
    expect(stopped.err).toMatch(/^holdfast: JOB_NOT_FOUND: There is no job 999999/);
    expect(await client.jobs.get(first)).toMatchObject({ state: "available" });
    const wrong = [
      ["cancel", first, "abc"],
      ["reprioritize", first, "--to", ""],
      ["reprioritize", first, "--to", "0x5"],
      ["cancel", "--name", "send-*", "--name", "x"],
      ["cancel", "--created-after", "10", "--yes"],
    ];
    for (const args of wrong) expect((await run("jobs", ...args)).code, args.join(" ")).toBe(2);
    expect(await client.jobs.get(first)).toMatchObject({ state: "available", priority: 5 });
  });

  test("what a job says cannot pass for what the command says", async () => {
    const { client, ids, run } = await mail();
    const [, , third = ""] = ids;
    await client.jobs.retry(third);
    await client.jobs.cancel(third, { why: "x\u001b]0;owned\u0007\nJob 1 is completed." });
    const { out } = await run("jobs", "explain", third);
    expect(out).toContain("x\\u001b]0;owned\\u0007\\nJob 1 is completed.");
    expect(out.trimEnd().split("\n")).toHaveLength(2);
  });

  test("Ctrl-C stops an operation, and what is done stays done", async () => {
    const { client, place } = await mail();
    const job = defineJob({ name: "many" });
    await client.enqueueMany(
      job,
      Array.from({ length: 20_000 }, () => null),
    );
    const command = ["jobs", "cancel", "--name", "many", "--yes", "--json", ...argsOf(place)];
    let interrupt: (signal: "SIGINT") => void = () => {};
    const running = interruptible(command, (listener) => {
      interrupt = listener;
      return () => {};
    });
    await eventually("it has begun", async () => {
      return (await client.operations.list()).operations.some(({ done }) => done > 0);
    });
    interrupt("SIGINT");
    const { code, out } = await running;
    const operation = JSON.parse(out) as Operation;
    expect([code, operation.state]).toEqual([1, "cancelled"]);
    expect(operation.done).toBeLessThan(20_000);
    const { available } = await client.jobs.count({ name: "many" });
    expect(available).toBe(20_000 - operation.done);
  });

  test("jobs of a filter are tried first, and then changed by an operation", async () => {
    const { client, run } = await mail();
    const filter = ["--state", "cancelled", "--name", "send-*"];
    const tried = await run("jobs", "retry", ...filter);
    expect(tried).toMatchObject({ code: 2, err: saying("add --yes to retry") });
    expect(tried.out).toMatch(/^10 jobs match\.\n\nJOB +STATE/);
    const looked = await run("jobs", "retry", ...filter, "--dry-run", "--json");
    expect(looked).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(looked.out)).toMatchObject({ matched: 10, byState: { cancelled: 10 } });
    expect((await client.jobs.count()).cancelled).toBe(10);
    const done = await run("jobs", "retry", ...filter, "--yes", "--json");
    expect(done).toMatchObject({ code: 0, err: like(/^holdfast: operation \d+ has begun on 10 /) });
    const operation = JSON.parse(done.out) as Operation;
    expect(operation).toMatchObject({ state: "completed", done: 10, by: "ada" });
    expect((await run("operations", "show", operation.id)).out).toMatch(/^done: +10$/m);
    expect(await run("operations", "wait", operation.id)).toMatchObject({
      code: 0,
      out: like(/completed: 10 of 10 done/),
    });
    const audit = await run("audit", "--limit", "1", "--json");
    expect(JSON.parse(audit.out)).toMatchObject({ entries: [{ by: "ada" }], next: like(/^\d+$/) });
    expect(audit.err).toMatch(/^holdfast: there are more: --after \d+\n$/);
    expect((await run("operations", "list", "--limit", "1")).err).toBe("");
    expect(await run("operations", "cancel", "999")).toMatchObject({
      code: 1,
      err: like(/^holdfast: OPERATION_NOT_FOUND: /),
    });
  });

  test("the built binary runs every command", { timeout: 60_000 }, async () => {
    const { client, place, ids, later, due } = await mail();
    const binary = (...args: readonly string[]) =>
      runHoldfast([...args, ...argsOf(place)], { cwd: folder, env });
    const [first = "", second = "", third = ""] = ids;
    const listed = binary("jobs", "list", "--tag", "none");
    expect(listed).toEqual({ code: 0, out: "No such jobs.\n", err: "" });
    const shown = binary("jobs", "show", third, "--json");
    expect(JSON.parse(shown.out)).toMatchObject({ id: third, state: "cancelled" });
    const explained = binary("jobs", "explain", third, "--json");
    expect(JSON.parse(explained.out)).toMatchObject({ reasons: [{ kind: "finished" }] });
    const retried = binary("jobs", "retry", first);
    expect(retried).toEqual({ code: 0, out: `retried ${first}\n`, err: "" });
    const ran = binary("jobs", "run-now", later, "--json");
    expect(ran.out).toBe(`[{"id":"${later}","answer":"available"}]\n`);
    const stopped = binary("jobs", "cancel", due, "--why", "no need", "--by", "bob");
    expect(stopped.out).toBe(`cancelled ${due}\n`);
    expect(binary("jobs", "delete", second).out).toBe(`deleted ${second}\n`);
    const wrong = binary("jobs", "delete", "--state", "done", "--yes");
    expect(wrong).toMatchObject({ code: 2, out: "", err: saying("state must be") });
    expect(await client.jobs.get(due)).toMatchObject({ reason: { message: "no need", by: "bob" } });

    expect(binary("jobs", "move", first, "--to", "slow").out).toBe(`moved ${first}\n`);
    const changed = binary("jobs", "reprioritize", "--queue", "mail", "--to", "1", "--yes");
    expect(changed.out).toMatch(/^operation \d+ \(changePriority\) completed: \d of \d done, /);
    expect(binary("operations", "cancel", "999").code).toBe(1);
    const { operations } = await client.operations.list();
    const id = operations[0]?.id ?? "";
    const list = binary("operations", "list");
    expect(list.out).toMatch(new RegExp(`^${id} +changePriority +completed `, "m"));
    const show = binary("operations", "show", id, "--json");
    expect(JSON.parse(show.out)).toMatchObject({ id, by: "ada", priority: 1 });
    const audit = binary("audit", "--by", "ada", "--target", `job:${first}`);
    expect(audit.out).toMatch(/ada +jobs\.update +job:\d+ +\{"queue":"slow"\}\n.*ada +jobs\.retry/);
  });
});

describe("what is asked wrongly", () => {
  let place: DatabasePlace;
  beforeAll(async () => {
    place = { url: `sqlite:${path.join(folder, "wrong.db")}` };
    const client: Client = await createClient({ ...place, logger: silent });
    await client.close();
  });

  test.each([
    [["jobs", "retry"], "Say which jobs"],
    [["jobs", "retry", "1", "--all"], "not both"],
    [["jobs", "list", "--state", "done"], "state must be"],
    [["jobs", "list", "--limit", "many"], "--limit"],
    [["jobs", "list", "--created-after", "yesterday"], "--created-after"],
    [["jobs", "delete", "--payload", "n", "--yes"], "path=value"],
    [["jobs", "move", "--all"], "--to"],
    [["jobs", "reprioritize", "--all", "--to", "high", "--yes"], "priority"],
    [["jobs", "show", "x"], "decimal text"],
    [["jobs", "logs", "1", "--limit", "many"], "--limit"],
    [["operations", "show"], "missing required argument"],
  ])("is refused with exit code 2, and nothing is done: %j", async (args, says) => {
    const { code, out, err } = await cli(...args, ...argsOf(place));
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(says);
  });
});
