import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createClient, defineJob, type Storage } from "holdfast";
import { expect, test } from "vitest";
import { bring } from "../conformance/bring.ts";
import type { Place } from "../conformance/harness.ts";
import { hire } from "../conformance/jobs.ts";
import { cliProjects } from "../support/cli-project.ts";
import { argsOf } from "../support/run-holdfast.ts";
import { describeSharedDatabases, silent } from "./client-databases.ts";

const project = cliProjects();
const states = [
  "completed",
  "discarded",
  "retryable",
  "cancelled",
  "scheduled",
  "blocked",
  "available",
] as const;

/** One job in each state but `running`. */
async function fill(storage: Storage): Promise<void> {
  for (const state of states) {
    await bring({ storage } as Place, state, { payload: `{"state":"${state}"}`, tags: [state] });
  }
}

/** What is in an export, but for when it was made and where it comes from. */
const linesOf = (text: string) => text.split("\n").slice(1).sort();

describeSharedDatabases((databases) => {
  test("export and import move everything to the other database and back", async () => {
    const [client, storage, place] = await databases.onStorage();
    await fill(storage);
    await client.queues.pause("slow");
    await client.enqueue(defineJob({ name: "keyed" }), 1, { unique: { key: "k" } });
    const { folder, holdfast } = project();
    const before = await client.jobs.list();
    expect(before.jobs).toHaveLength(8);

    const exported = holdfast(["export", "all.jsonl", ...argsOf(place)]);
    expect(exported).toMatchObject({ code: 0, err: "" });
    const other =
      databases.kind === "PostgreSQL" ? { url: `sqlite:${folder}/other.db` } : undefined;
    const there = other ?? databases.place();
    expect(holdfast(["migrate", ...argsOf(there)]).code).toBe(0);
    const imported = holdfast(["import", "all.jsonl", "--json", ...argsOf(there)]);
    expect(imported).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(imported.out)).toMatchObject({ jobs: 8, running: 0, imported: true });
    const otherClient = databases.closing(await createClient({ ...there, logger: silent }));
    expect(await otherClient.jobs.list()).toEqual(before);

    const again = holdfast(["export", ...argsOf(there)]);
    expect(again).toMatchObject({ code: 0 });
    expect(again.err).toMatch(/^holdfast: exported \d+ records\.\n$/);
    // To the letter, the numbers drawn too: what is stored where this comes to begins above them.
    expect(linesOf(again.out)).toEqual(
      linesOf(readFileSync(path.join(folder, "all.jsonl"), "utf8")),
    );
    if (databases.kind !== "PostgreSQL") return;
    writeFileSync(path.join(folder, "again.jsonl"), again.out);
    const home = databases.place();
    holdfast(["migrate", ...argsOf(home)]);
    expect(holdfast(["import", "again.jsonl", ...argsOf(home)]).code).toBe(0);
    expect(linesOf(holdfast(["export", ...argsOf(home)]).out)).toEqual(linesOf(again.out));
  });

  test("import reads standard input, and takes nothing in where there are jobs", async () => {
    const [client, storage, place] = await databases.onStorage();
    await fill(storage);
    await bring({ storage } as Place, "running", { queue: "other" });
    const { folder, holdfast, start } = project();
    const args = argsOf(place);
    const { out, err } = holdfast(["export", ...args]);
    expect(err).toContain("Jobs that were running: 1. Where they are imported they run again");
    writeFileSync(path.join(folder, "whole.jsonl"), out);
    const full = holdfast(["import", "whole.jsonl", ...args]);
    expect(full).toMatchObject({ code: 1, out: "" });
    expect(full.err).toContain("DATABASE_NOT_EMPTY");
    expect((await client.jobs.list()).jobs).toHaveLength(8);

    const empty = databases.place();
    holdfast(["migrate", ...argsOf(empty)]);
    const importing = start(["import", "-", ...argsOf(empty)]);
    importing.hand(out);
    expect(await importing.ended).toMatchObject({
      code: 0,
      err: "",
      out: expect.stringMatching(/8 of them jobs\n$/) as unknown,
    });
    const there = databases.closing(await createClient({ ...empty, logger: silent }));
    // What ran is there to be run again.
    expect(await there.jobs.count()).toMatchObject({ available: 2, running: 0, completed: 1 });
  });

  test("export writes over no file, and neither command works on a schema that is not there", async () => {
    const [, storage, place] = await databases.onStorage();
    await hire(storage);
    const { folder, holdfast } = project({ "there.jsonl": "mine" });
    const refused = holdfast(["export", "there.jsonl", ...argsOf(place)]);
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect(refused.err).toContain("there.jsonl cannot be made: EEXIST");
    expect(readFileSync(path.join(folder, "there.jsonl"), "utf8")).toBe("mine");
    const bare = holdfast(["export", "new.jsonl", ...argsOf(databases.place())]);
    expect(bare.code).toBe(1);
    expect(bare.err).toMatch(/SCHEMA_OUT_OF_DATE|There is no SQLite file/);
    expect(existsSync(path.join(folder, "new.jsonl"))).toBe(false);
  });
});

test("import refuses lines that are not whole before it opens a database", () => {
  const lines = [
    '{"type":"holdfast","format":1,"from":"sqlite"}',
    '{"type":"limit","name":"a","edited":true}',
    '{"type":"limit","name":"b","edited":true}',
    '{"type":"end","records":2,"last_id":"0","last_seq":"0"}',
  ];
  const job =
    '{"type":"job","state":"scheduled","id":"1","name":"a","version":1,"queue":"q","priority":5,"attempt":0,"crashes":0,"run":0,"backoff_ms":0,"created_at":1,"run_at":2,"payload":1}';
  const { holdfast } = project({
    "twice.jsonl": [lines[0], job, job, lines[3]].join("\n"),
    "low.jsonl": [lines[0], job, lines[1], lines[3]].join("\n"),
    "whole.jsonl": lines.join("\n"),
    "short.jsonl": lines.slice(0, -1).join("\n"),
    "gap.jsonl": lines.toSpliced(1, 1).join("\n"),
    "headless.jsonl": lines.slice(1).join("\n"),
    "odd.jsonl": lines.with(2, '{"type":"job","state":"odd"}').join("\n"),
  });
  const checked = holdfast(["import", "whole.jsonl", "--check", "--json"]);
  expect(checked).toMatchObject({ code: 0, err: "" });
  expect(JSON.parse(checked.out)).toMatchObject({ records: 2, jobs: 0, imported: false });
  for (const [name, says] of [
    ["short.jsonl", "short.jsonl is not whole: its last line, the end, is missing"],
    ["gap.jsonl", "gap.jsonl is not whole: it has 1 records of 2"],
    ["headless.jsonl", "headless.jsonl does not begin as an export does"],
    ["odd.jsonl", "Line 3 cannot be imported: nothing is known"],
    ["twice.jsonl", "Line 3 cannot be imported: a line before it is of job 1 too"],
    ["low.jsonl", "The last line says that last_id is 0, and a job before it has 1"],
    ["none.jsonl", "none.jsonl cannot be read"],
  ] as const) {
    const { code, out, err } = holdfast(["import", name, "--url", "sqlite:none.db"]);
    expect({ code, out }, name).toEqual({ code: 2, out: "" });
    expect(err).toContain(says);
  }
});
