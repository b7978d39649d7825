import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openFreshClient } from "../../examples/demo/database.mjs";
import { prove } from "../../examples/demo/proof.mjs";

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));
const hasPython = spawnSync("python3", ["--version"]).status === 0;
const running = new Set<ChildProcess>();
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-examples-"));
});
afterAll(() => {
  // One that hangs has failed its test; it must not go on.
  for (const child of running) child.kill("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
});

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** Runs an example where it may leave files. */
function run(example: string, ...args: readonly string[]): Promise<Ending> {
  const env = { ...process.env, INIT_CWD: folder, TMPDIR: folder, HOLDFAST_LOG: "silent" };
  const child = spawn(process.execPath, [examples + example, ...args], { cwd: folder, env });
  running.add(child);
  let output = "";
  child.stdout.on("data", (chunk) => (output += String(chunk)));
  child.stderr.on("data", (chunk) => (output += String(chunk)));
  return new Promise((resolve) => {
    child.once("close", (code, signal) => {
      running.delete(child);
      resolve({ code, signal, output });
    });
  });
}

/** The dashboard that an example serves until it is interrupted, as soon as it says where. */
async function dashboardOf(child: ChildProcess | undefined) {
  let output = "";
  const url = await new Promise<string>((resolve) => {
    child?.stdout?.on("data", (chunk) => {
      output += String(chunk);
      const told = /dashboard.* (http:\S+\/) /.exec(output)?.[1];
      if (told !== undefined) resolve(told);
    });
  });
  return { url, output: () => output, stop: () => void child?.kill("SIGINT") };
}

describe.concurrent("the quickstart", () => {
  test("with --crash throws once, kills its process once, and its job still finishes", async () => {
    const first = await run("quickstart/quickstart.mjs", "--crash");
    expect(first).toMatchObject({ signal: "SIGKILL", output: "job 1: enqueued\n" });
    const second = await run("quickstart/quickstart.mjs", "--crash");
    expect(second.output).toBe("job 1: existing\nWelcome, ada@example.com! (attempt 3)\n");
    expect(second.code).toBe(0);
  });
});

describe.concurrent("the transactional enqueue", () => {
  test("shows an order and its job together, or neither", async () => {
    const { code, output } = await run("transactional-enqueue/main.mjs");
    expect(code).toBe(0);
    expect(output).toContain('SQLite orders: [{"id":1},{"id":3}]');
    expect(output).toContain('SQLite jobs:   [{"order":1},{"order":3}]');
  });
});

describe.concurrent("the service", () => {
  test("is let in by its callee under an identity of its own, and ends with 77 when its issuer knows it not", async () => {
    const { code, output } = await run("service/main.mjs");
    expect(output).toContain("the callee greeted greeter");
    expect(output).toContain("it ended with 0");
    expect(output).toContain("it ended with 77");
    expect(code).toBe(0);
  });
});

describe.concurrent("the jobs in any language", () => {
  test("are done by a command, a child in shell and a thread", async () => {
    const { code, output } = await run("any-language/main.mjs");
    expect(output).toContain('count-words: completed {"words":5}');
    expect(output).toMatch(/count-words: discarded .*attempt 1: a text without words/);
    expect(output).toMatch(/measure: completed \d+\n/);
    expect(output).toContain('measure: discarded "there is no such file"');
    expect(output).toContain("count-primes: completed 9592");
    expect(code).toBe(0);
  });

  test.skipIf(!hasPython)("are done by a child in Python", async () => {
    const { output } = await run("any-language/main.mjs");
    expect(output).toContain('count-letters: completed {"b":1,"a":3,"n":2}');
  });
});

describe.concurrent("the cluster", () => {
  test("never runs more jobs at once than its queue says, and shows how they were shared", async () => {
    const { output } = await run("cluster/main.mjs");
    expect(output).toMatch(/ok +\d+ moments in the history; at most 7 of 7 jobs ran at once/);
    expect(output).toMatch(/shared 3\/2\/2 after \d+ ms/);
    expect(output).toMatch(/its [1-9]\d* jobs were finished elsewhere after \d+ ms/);
  });
});

describe.concurrent("the shop", () => {
  test("is at work in several processes, with troubles to look at, and leaves nothing behind", async () => {
    const ended = run("dashboard/main.mjs", "--minutes", "1", "--port", "0");
    const { url, output, stop } = await dashboardOf([...running].at(-1));
    const { attention, queues } = (await (await fetch(`${url}api/overview`)).json()) as {
      readonly attention: readonly { readonly kind: string }[];
      readonly queues: readonly unknown[];
    };
    const kinds = attention.map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(["queue-unserved", "queue-paused"]));
    expect(queues.length).toBeGreaterThan(8);
    const { workers } = (await (await fetch(`${url}api/workers`)).json()) as {
      readonly workers: readonly { readonly host: string }[];
    };
    expect(workers.map(({ host }) => host)).toContain("media-1.shop.example");
    stop();
    expect(await ended).toMatchObject({ code: 0 });
    const file = /its jobs are in sqlite:(\S+)/.exec(output())?.[1] ?? "";
    expect(existsSync(file)).toBe(false);
  });
});

describe.concurrent("the demo", () => {
  test("counts every file exactly once although a worker is killed, and shows what cannot be read", async () => {
    const { code, output } = await run("demo/main.mjs", examples);
    expect(output).toContain("counted exactly once");
    expect(output).toMatch(/killed worker process \d+ \(SIGKILL\)/);
    expect(output).toMatch(/a-dangling-link\s+ENOENT/);
    expect(output).toMatch(/a-folder\s+EISDIR/);
    expect(output).toMatch(/deleted-after-enqueue\s+ENOENT/);
    expect(output).toMatch(/\n {2}dashboard: {4}npx holdfast dashboard --url sqlite:\S+ --open\n$/);
    expect(code).toBe(0);
  });

  test("with --dashboard keeps it open on what it did, and leaves the database when it is ended", async () => {
    const demo = run("demo/main.mjs", join(examples, "demo"), "--no-kill", "--dashboard");
    const { url, stop, output } = await dashboardOf([...running].at(-1));
    const answer = await fetch(`${url}api/jobs/counts`);
    expect(await answer.json()).toMatchObject({ states: { discarded: { count: 3 } } });
    stop();
    expect(await demo).toMatchObject({ code: 0 });
    const file = /The database: (\S+)/.exec(output())?.[1] ?? "";
    expect(existsSync(file)).toBe(true);
  });

  test.for([
    { args: ["--frobnicate"] },
    { args: ["--workers", "0"] },
    { args: ["--url", "mysql://localhost/x"] },
    { args: ["no-such-folder"] },
    { args: ["one", "two"] },
    { args: ["--kill", "--no-kill"] },
  ])("refuses $args with exit code 2 and says how it is used", async ({ args }) => {
    const { code, output } = await run("demo/main.mjs", ...args);
    expect(code).toBe(2);
    expect(output).toContain("npm run demo -- [FOLDER] [options]");
  });

  test("fails its proof when a file was counted twice, or not at all, or was not asked for", async () => {
    const [once, twice, never] = ["once", "twice", "never"].map((name) => join(folder, name));
    for (const path of [once, twice, never]) writeFileSync(path ?? "", "text\n");
    await using client = await openFreshClient("sqlite::memory:");
    await client.transaction(async (tx) => {
      for (const path of [once, twice, twice, "stranger"]) {
        await tx.query("INSERT INTO files VALUES ($1, 'sha', 1, 5, '1', 1)", [path]);
      }
    });
    const proof = await prove(client, "files", [once ?? "", twice ?? "", never ?? ""]);
    expect(proof).toMatchObject({
      holds: false,
      twice: [twice],
      missing: [never],
      strangers: ["stranger"],
    });
  });
});
