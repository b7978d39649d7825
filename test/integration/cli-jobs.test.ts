import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createClient, defineJob } from "holdfast";
import { afterAll, expect, test } from "vitest";
import { argsOf, runHoldfast } from "../support/run-holdfast.ts";
import { describeDatabases, silent } from "./client-databases.ts";

const folder = mkdtempSync(path.join(tmpdir(), "holdfast-cli-jobs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Report {
  readonly rejected: readonly {
    readonly id: string;
    readonly kind: string;
    readonly version: number;
  }[];
}

const holdfast = (...args: readonly string[]) => runHoldfast(args, { cwd: folder });

/** Writes a module as an application would export its jobs from; `holdfast` is named by where it is. */
function writeModule(name: string, code: string): void {
  const from = JSON.stringify(import.meta.resolve("holdfast"));
  const head = `import { defineJob, defineKeyedJob, defineResidentJob } from ${from};\n`;
  writeFileSync(path.join(folder, name), head + code);
}

writeModule(
  "jobs.mjs",
  `
const email = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value) =>
      typeof value?.email === "string"
        ? { value }
        : { issues: [{ message: "an email is missing", path: ["email"] }] },
  },
};
function upgrade(old) {
  if (old.mail === undefined) throw new Error("what was it called then?");
  return { email: old.mail };
}
export const greet = defineJob({ name: "greet", payload: email, version: { number: 2, upgrade } });
export const others = [
  defineKeyedJob({ name: "sync", key: "one" }).handler(() => {}),
  defineJob({ name: "index" }).batchHandler({}, () => {}),
  defineResidentJob({ name: "sweeper" }),
];
export const notAJob = { name: "greet" };
`,
);
writeModule("empty.mjs", "export const nothing = 1;\n");
writeModule("broken.mjs", "throw new Error('it broke');\n");
writeModule(
  "twins.mjs",
  'export const one = defineJob({ name: "greet" });\nexport const two = defineJob({ name: "greet" });\n',
);

describeDatabases((databases) => {
  if (databases.kind === "SQLite in memory") {
    test("jobs check of a database without a schema says what to do", () => {
      const { code, err } = holdfast("jobs", "check", "jobs.mjs", ...argsOf(databases.place()));
      expect(code).toBe(1);
      expect(err).toMatch(/^holdfast: SCHEMA_OUT_OF_DATE: .*npx holdfast migrate/);
    });
    return;
  }

  test("jobs check lists the queued payloads that the exported definitions would reject", async () => {
    const [client, storage, place] = await databases.onStorage();
    const greet = (number: number) => defineJob({ name: "greet", version: { number } });
    const deploy = async () => databases.closing(await createClient({ storage, logger: silent }));
    const [second, third] = [await deploy(), await deploy()];
    const today = greet(2);
    await client.enqueue("greet", { mail: "ada@example.com" });
    await second.enqueue(today, { email: "ada@example.com" });
    const ids = {
      failing: (await client.enqueue("greet", { post: "ada" }, { delay: "1h" })).id,
      invalid: (await second.enqueue(today, { mail: "ada@example.com" })).id,
      newer: (await third.enqueue(greet(3), {})).id,
    };
    await client.enqueue("index", { any: true });
    for (const n of [1, 2]) await client.enqueue("unknown", { n });
    const gone = await client.enqueue("greet", { post: "cancelled" });
    await client.jobs.cancel(gone.id);

    const args = ["jobs", "check", "jobs.mjs", ...argsOf(place)];
    const json = holdfast(...args, "--json");
    expect(json).toMatchObject({ code: 1, err: "" });
    const report = JSON.parse(json.out) as Report;
    expect(report).toMatchObject({ checked: 6, undefinedNames: { unknown: 2 } });
    expect(new Map(report.rejected.map(({ id, kind, version }) => [id, [kind, version]]))).toEqual(
      new Map([
        [ids.failing, ["upgrade-failed", 1]],
        [ids.invalid, ["invalid", 2]],
        [ids.newer, ["too-new", 3]],
      ]),
    );

    const { code, out } = holdfast(...args);
    expect(code).toBe(1);
    expect(out).toMatch(new RegExp(`^ *${ids.failing} +greet +1 +upgrade-failed +what was`, "m"));
    expect(out).toContain("No definition of: unknown (2).");
  });

  test("jobs check is content with what would be run", async () => {
    const [client, , place] = await databases.onStorage();
    await client.enqueueMany(defineJob({ name: "index" }), [1, 2, 3]);
    expect(holdfast("jobs", "check", "jobs.mjs", ...argsOf(place))).toEqual({
      code: 0,
      err: "",
      out: "All 3 queued payloads would be run.\n",
    });
  });
});

test.each([
  ["nowhere.mjs", "there is no such file"],
  ["broken.mjs", "it broke"],
  ["empty.mjs", "exports no definition"],
  ["twins.mjs", 'two definitions called "greet"'],
])("jobs check of %s is wrong usage", (file, says) => {
  const { code, out, err } = holdfast("jobs", "check", file, "--url", "sqlite:none.db");
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(/^holdfast: INVALID_OPTION: .*\n$/);
  expect(err).toContain(says);
});
