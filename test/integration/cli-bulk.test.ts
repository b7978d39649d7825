import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Client, createClient, defineJob, type Job, type Operation } from "holdfast";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { argsOf, runHoldfast } from "../support/run-holdfast.ts";
import { type DatabasePlace, describeDatabases, silent } from "./client-databases.ts";

const folder = mkdtempSync(path.join(tmpdir(), "holdfast-cli-bulk-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const holdfast = (...args: readonly string[]) =>
  runHoldfast(args, { cwd: folder, env: { USER: "ada", NO_COLOR: "1" } });

const send = defineJob<{ n: number }>({ name: "send-mail", queue: "mail" });

describeDatabases((databases) => {
  if (databases.kind === "SQLite in memory") return;

  /** Twelve jobs: ten cancelled, one scheduled, one available. */
  async function mail(): Promise<{
    readonly client: Client;
    readonly ids: readonly string[];
    readonly run: (...args: readonly string[]) => ReturnType<typeof holdfast>;
  }> {
    const [client, , place] = await databases.onStorage();
    const payloads = Array.from({ length: 10 }, (_, n) => ({ n }));
    const ids = (await client.enqueueMany(send, payloads)).map(({ id }) => id);
    for (const id of ids) await client.jobs.cancel(id, { why: "relay down" });
    const { id: later } = await client.enqueue(send, { n: 10 }, { delay: "1h" });
    const { id: due } = await client.enqueue("other", null);
    const run = (...args: readonly string[]) => holdfast(...args, ...argsOf(place));
    return { client, ids: [...ids, later, due], run };
  }

  test("jobs are listed, counted, shown and explained", async () => {
    const { ids, run } = await mail();
    const page = run("jobs", "list", "--state", "cancelled", "--payload", "n=3", "--json");
    expect(page).toMatchObject({ code: 0, err: "" });
    const { jobs, next } = JSON.parse(page.out) as { jobs: readonly Job[]; next: string | null };
    expect([jobs.map(({ id }) => id), next]).toEqual([[ids[3]], null]);
    const text = run("jobs", "list", "--name", "send-*", "--limit", "2");
    expect(text.out).toMatch(/^JOB +STATE +NAME +QUEUE/);
    expect(text.out).toMatch(new RegExp(`^${ids[10]} +scheduled +send-mail +mail`, "m"));
    expect(text.err).toBe(`holdfast: there are more: --after ${ids[9]}\n`);
    const counts = run("jobs", "list", "--count", "--error", "RELAY", "--json");
    expect(JSON.parse(counts.out)).toMatchObject({ cancelled: 10, scheduled: 0 });
    const shown = run("jobs", "show", ids[0] ?? "");
    expect(shown.out).toMatch(/^reason: +JOB_CANCELLED: relay down$/m);
    const why = run("jobs", "explain", ids[11] ?? "");
    expect(why.out).toBe(
      `Job ${ids[11]} is available.\nNo live worker serves its queue "default".\n`,
    );
    expect(run("jobs", "explain", "999999")).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^holdfast: JOB_NOT_FOUND: /),
    });
  });

  test("jobs by id are retried, cancelled, run now, moved and deleted", async () => {
    const { client, ids, run } = await mail();
    const [first = "", second = ""] = ids;
    const [later = "", due = ""] = ids.slice(10);
    expect(run("jobs", "retry", first, second)).toEqual({
      code: 0,
      out: `retried ${first}\nretried ${second}\n`,
      err: "",
    });
    expect(run("jobs", "run-now", later, "--json").out).toBe(
      `[{"id":"${later}","answer":"available"}]\n`,
    );
    run("jobs", "move", first, "--to", "slow");
    run("jobs", "cancel", due, "--why", "no need", "--by", "bob");
    const stopped = run("jobs", "delete", second, "999999", first);
    expect(stopped).toMatchObject({ code: 1, out: `deleted ${second}\n` });
    expect(stopped.err).toMatch(/^holdfast: JOB_NOT_FOUND: There is no job 999999/);
    expect(await client.jobs.get(first)).toMatchObject({ state: "available", queue: "slow" });
    expect(await client.jobs.get(later)).toMatchObject({ state: "available" });
    expect(await client.jobs.get(due)).toMatchObject({ reason: { message: "no need", by: "bob" } });
    const audit = run("audit", "--by", "ada", "--target", `job:${first}`);
    expect(audit.out).toMatch(/ada +jobs\.update +job:\d+ +\{"queue":"slow"\}\n.*ada +jobs\.retry/);
  });

  test("jobs of a filter are tried first, and then changed by an operation", async () => {
    const { client, run } = await mail();
    const filter = ["--state", "cancelled", "--name", "send-*"];
    const tried = run("jobs", "retry", ...filter);
    expect(tried).toMatchObject({ code: 2, err: expect.stringContaining("add --yes to retry") });
    expect(tried.out).toMatch(/^10 jobs match\.\n\nJOB +STATE/);
    const looked = run("jobs", "retry", ...filter, "--dry-run", "--json");
    expect(looked).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(looked.out)).toMatchObject({ matched: 10, byState: { cancelled: 10 } });
    expect((await client.jobs.count()).cancelled).toBe(10);
    const done = run("jobs", "retry", ...filter, "--yes", "--json");
    expect(done).toMatchObject({ code: 0, err: "" });
    const operation = JSON.parse(done.out) as Operation;
    expect(operation).toMatchObject({ state: "completed", done: 10, by: "ada" });
    const changed = run("jobs", "reprioritize", "--queue", "mail", "--to", "1", "--yes");
    expect(changed.out).toMatch(/^operation \d+ \(changePriority\) completed: 11 of 11 done, 0 /);
    const list = run("operations", "list");
    expect(list.out).toMatch(new RegExp(`^${operation.id} +retry +completed +10 +10 +0 +0 `, "m"));
    expect(run("operations", "show", operation.id).out).toMatch(/^done: +10$/m);
    expect(run("operations", "cancel", operation.id).out).toBe(`finished ${operation.id}\n`);
    expect(run("operations", "cancel", "999")).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^holdfast: OPERATION_NOT_FOUND: /),
    });
  });
});

describe("what is asked wrongly", () => {
  let place: DatabasePlace;
  beforeAll(async () => {
    place = { url: `sqlite:${path.join(folder, "wrong.db")}` };
    await (await createClient({ ...place, logger: silent })).close();
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
    [["operations", "show"], "missing required argument"],
  ])("is refused with exit code 2, and nothing is done: %j", (args, says) => {
    const { code, out, err } = holdfast(...args, ...argsOf(place));
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(says);
  });
});
