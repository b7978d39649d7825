import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createClient, defineJob } from "holdfast";
import { migrations as postgresMigrations } from "holdfast/postgres";
import { migrations as sqliteMigrations } from "holdfast/sqlite";
import { afterAll, describe, expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { hire } from "../conformance/jobs.ts";
import { argsOf, mainFile, runHoldfast } from "../support/run-holdfast.ts";
import { describeDatabases, silent } from "./client-databases.ts";

const folder = mkdtempSync(path.join(tmpdir(), "holdfast-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command line in an empty folder. */
const holdfast = (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  bin?: string,
) => runHoldfast(args, { cwd: folder, env, ...(bin === undefined ? {} : { bin }) });

describeDatabases((databases) => {
  if (databases.kind === "SQLite in memory") {
    test("migrate --plan needs no database", () => {
      const { code, out } = holdfast(["migrate", "--plan", "--url", databases.place().url]);
      expect(code).toBe(0);
      expect(out).toContain("CREATE TABLE");
    });
    return;
  }

  const migrations = databases.kind === "PostgreSQL" ? postgresMigrations : sqliteMigrations;
  const latest = migrations.length;

  function where() {
    const place = databases.place();
    return { url: place.url, args: argsOf(place) };
  }

  test("migrate --plan prints what is pending and changes nothing", () => {
    const { url, args } = where();
    const first = holdfast(["migrate", "--plan", ...args]);
    expect(first).toMatchObject({ code: 0, err: "" });
    expect(first.out).toContain(`-- migration 1, ${migrations[0]?.name}`);
    expect(first.out).toContain("CREATE TABLE");
    if (url.startsWith("sqlite:")) expect(existsSync(url.slice("sqlite:".length))).toBe(false);
    expect(holdfast(["migrate", "--plan", ...args])).toEqual(first);

    expect(holdfast(["migrate", ...args])).toMatchObject({ code: 0, err: "" });
    const { out } = holdfast(["migrate", "--plan", ...args]);
    expect(out).toBe(`-- Nothing is pending: the schema is at migration ${latest}.\n`);
  });

  test("migrate brings the schema up to date and says what it applied", () => {
    const { args } = where();
    const first = holdfast(["migrate", ...args]);
    expect(first).toMatchObject({ code: 0, err: "" });
    expect(first.out.match(/^applied migration \d+/gm)).toHaveLength(latest);
    expect(holdfast(["migrate", ...args])).toEqual({
      code: 0,
      err: "",
      out: `The schema is up to date, at migration ${latest}.\n`,
    });
  });

  test("status shows the schema, the jobs, the queues and the live workers", async () => {
    const [client, storage, place] = await databases.onStorage();
    const greet = defineJob({ name: "greet", queue: "emails" });
    await client.enqueueMany(greet, [1, 2, 3]);
    await client.enqueue(greet, 4, { delay: "1h" });
    await client.queues.pause("emails");
    const owner = await hire(storage, { queues: ["emails", "slow"], pid: 4711 });
    const args = argsOf(place);

    const json = holdfast(["status", "--json", ...args]);
    expect(json).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(json.out)).toMatchObject({
      schema: { current: latest, latest },
      jobs: { available: 3, scheduled: 1, running: 0 },
      queues: expect.arrayContaining([
        expect.objectContaining({ name: "emails", paused: true, available: 3 }),
      ]) as unknown,
      workers: [{ id: owner, host: "host", pid: 4711 }],
    });

    const { code, out } = holdfast(["status", ...args]);
    expect(code).toBe(0);
    expect(out).toContain(`migration ${latest} of ${latest}, up to date`);
    expect(out).toMatch(/^available +3$/m);
    expect(out).toMatch(/^emails +3 +0 +paused$/m);
    expect(out).toMatch(/4711 .* emails, slow$/m);
  });

  test("limits list shows limits and their use, limits set changes one for good", async () => {
    const [client, storage, place] = await databases.onStorage();
    const args = argsOf(place);
    expect(holdfast(["limits", "list", ...args])).toEqual({
      code: 0,
      err: "",
      out: "No limits.\n",
    });
    await client.limits.declare({ api: { rate: "100/1m" }, disk: { concurrent: 1 } });
    await hire(storage, { queues: ["default"], handlers: ["store"] });
    const store = defineJob({ name: "store", limits: [{ scope: "disk", concurrent: 1 }] });
    await client.enqueueMany(store, [1, 2, 3]);
    await eventually("one is let in", async () => (await client.limits.list())[1]?.held === 1);

    const set = holdfast(["limits", "set", "api", "--concurrent", "5", "--rate", "none", ...args]);
    expect(set).toEqual({ code: 0, err: "", out: "changed api\n" });
    await client.limits.declare({ api: { rate: "100/1m" } });
    const list = holdfast(["limits", "list", "--json", ...args]);
    expect(JSON.parse(list.out)).toMatchObject([
      { scope: "api", concurrent: 5, rate: null, edited: true, held: 0, waiting: 0 },
      { scope: "disk", concurrent: 1, rate: null, edited: false, held: 1, waiting: 2 },
    ]);
    const { out } = holdfast(["limits", "list", ...args]);
    expect(out).toMatch(/^api +5 +any +0 +0 +by hand$/m);
    expect(out).toMatch(/^disk +1 +any +1 +2 +in code$/m);

    const missing = holdfast(["limits", "set", "typo", "--rate", "1/1s", ...args]);
    expect(missing).toMatchObject({ code: 1, out: "" });
    expect(missing.err).toContain("LIMIT_UNDECLARED");
    for (const wrong of [[], ["--rate", "fast"], ["--concurrent", "0"], ["--concurrent", "few"]]) {
      const ran = holdfast(["limits", "set", "api", ...wrong, ...args]);
      expect(ran).toMatchObject({ code: 2, out: "" });
      expect(ran.err).toContain("INVALID_OPTION");
    }
  });

  test("status of a schema that is not there says what to do", async () => {
    const { url, args } = where();
    if (url.startsWith("sqlite:")) {
      expect(holdfast(["status", ...args])).toMatchObject({
        code: 1,
        out: "",
        err: expect.stringMatching(
          /^holdfast: STORAGE_UNAVAILABLE: There is no SQLite file/,
        ) as unknown,
      });
      return;
    }
    const { code, out } = holdfast(["status", ...args]);
    expect(code).toBe(0);
    expect(out).toContain("Run npx holdfast migrate");
    expect(JSON.parse(holdfast(["status", "--json", ...args]).out)).toEqual({
      database: expect.stringMatching(/^postgres:\/\/[^@]+$/) as unknown,
      schema: { current: 0, latest },
    });
  });

  test("the database may be named by the environment, ours before the common one", () => {
    const { url } = databases.place();
    const bad = "mysql://nowhere";
    expect(holdfast(["migrate"], { DATABASE_URL: url }).code).toBe(0);
    expect(holdfast(["migrate"], { HOLDFAST_URL: url, DATABASE_URL: bad }).code).toBe(0);
    expect(holdfast(["migrate", "--url", url], { HOLDFAST_URL: bad }).code).toBe(0);
    expect(holdfast(["migrate"], { HOLDFAST_URL: bad, DATABASE_URL: url }).code).toBe(2);
  });
});

describe("the command line", () => {
  test.each([
    [[], "Usage: holdfast"],
    [["frobnicate"], "unknown command 'frobnicate'"],
    [["migrate", "--frob"], "unknown option '--frob'"],
    [["migrate", "--url"], "argument missing"],
    [["migrate", "extra", "--url", "sqlite:x.db"], "too many arguments"],
    [["migrate"], "INVALID_OPTION: No database was named"],
    [["status", "--url", "mysql://user:hunter2@host/app"], "INVALID_OPTION: The storage URL"],
    [["status", "--url", "sqlite::memory:", "--schema", ""], "INVALID_OPTION"],
  ])("%j is wrong usage: exit code 2", (args, says) => {
    const { code, out, err } = holdfast(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(says);
    expect(err).not.toContain("hunter2");
    expect(err).not.toMatch(/^ +at /m);
  });

  test("a failure is one coded line and exit code 1", () => {
    const { code, err } = holdfast(["migrate", "--url", "postgres://u:hunter2@127.0.0.1:1/app"]);
    expect(code).toBe(1);
    expect(err).toMatch(/^holdfast: STORAGE_UNAVAILABLE: .*\n$/);
    expect(err).not.toContain("hunter2");
  });

  test("help and version are no failures", () => {
    expect(holdfast(["--version"])).toEqual({
      code: 0,
      err: "",
      out: expect.stringMatching(/^\d+\./) as unknown,
    });
    for (const args of [["--help"], ["help"], ["migrate", "--help"]]) {
      expect(holdfast(args)).toMatchObject({ code: 0, err: "" });
    }
    expect(holdfast(["migrate", "--help"]).out).toContain("--plan");
    const guide = readFileSync(new URL("../../docs/guides/cli.md", import.meta.url), "utf8");
    const [commands = ""] = holdfast(["--help"]).out.split("First steps");
    const listed = [...commands.matchAll(/^ {2}([a-z][a-z-]*) /gm)].map(([, name]) => name);
    expect(listed).toContain("enqueue");
    const unnamed = listed.filter((name) => name !== "help" && !guide.includes(`\`${name}\``));
    expect(unnamed, "help lists what docs/guides/cli.md does not").toEqual([]);
  });

  test("works through a symbolic link, as npm installs it", () => {
    const link = path.join(folder, "holdfast");
    symlinkSync(mainFile, link);
    expect(holdfast(["--version"], {}, link).code).toBe(0);
    const target = path.join(folder, "linked.db");
    expect(holdfast(["migrate", "--url", `sqlite:${target}`], {}, link).code).toBe(0);
    expect(existsSync(target)).toBe(true);
  });

  test("a relative SQLite path is relative to where the command runs", async () => {
    expect(holdfast(["migrate", "--url", "sqlite:here.db"]).code).toBe(0);
    const client = await createClient(`sqlite:${path.join(folder, "here.db")}`, {
      migrate: false,
      logger: silent,
    });
    await client.close();
  });
});
