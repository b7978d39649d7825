import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { defineJob, DiscardError } from "holdfast";
import { afterAll, expect, test } from "vitest";
import { argsOf, runHoldfast } from "../support/run-holdfast.ts";
import { describeWorkers } from "./worker-bench.ts";

const folder = mkdtempSync(path.join(tmpdir(), "holdfast-cli-stats-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: readonly string[]) => runHoldfast(["stats", ...args], { cwd: folder });

describeWorkers((openBench, { kind }) => {
  // Nobody else can open a database in memory.
  test.skipIf(kind === "SQLite in memory")(
    "stats shows what happened, by queue and name, step by step, and as JSON",
    async () => {
      const bench = await openBench();
      const place = argsOf(bench.place);
      const nothing = run(...place);
      expect(nothing.code).toBe(0);
      expect(nothing.out).toMatch(/^Nothing happened from .*Z to .*Z\.\n$/);
      const send = defineJob<number>({ name: "send", queue: "emails" });
      await bench.work([
        send.handler((n) => {
          if (n === 2) throw new DiscardError("no");
        }),
      ]);
      for (const n of [1, 2, 3]) await bench.finished((await bench.client.enqueue(send, n)).id);
      await bench.client.enqueue("report", null);

      const shown = run(...place);
      expect(shown.err).toBe("");
      const lines = shown.out.split("\n");
      expect(lines[0]).toMatch(/^QUEUE +NAME +ENQUEUED +STARTED +COMPLETED +FAILED .* RAN$/);
      expect(lines[1]).toMatch(/^default +report +1 +0 +0 +0 +0 +0 +0$/);
      expect(lines[2]).toMatch(/^emails +send +3 +3 +2 +1 +0 +1 +0 +\S+ \/ \S+ \/ \S+ +\S+ms/);
      expect(lines[3]).toMatch(/^ +all +4 +3 +2 +1/);

      const json = run(...place, "--json", "--queue", "emails", "--since", "15m");
      expect(JSON.parse(json.out)).toMatchObject({
        completed: 2,
        discarded: 1,
        waiting: { count: 3 },
        entries: [{ queue: "emails", name: "send", enqueued: 3 }],
      });
      const series = run(...place, "--json", "--since", "1h", "--step", "30m", "--name", "send");
      const { step, points } = JSON.parse(series.out) as {
        step: number;
        points: { enqueued: number }[];
      };
      expect([step, points.reduce((sum, { enqueued }) => sum + enqueued, 0)]).toEqual([
        1_800_000, 3,
      ]);
      expect(run(...place, "--step", "1h").out).toMatch(/^AT +ENQUEUED/);
      const before = ["--from", "2020-01-31T08:00:00Z", "--to", "2020-01-31T09:00:00Z"];
      expect(run(...place, ...before).out).toContain("Nothing happened from 2020-01-31T08");
    },
  );
});

test("stats refuses what makes no sense, and says what does", () => {
  const place = ["--url", `sqlite:${path.join(folder, "refused.db")}`];
  runHoldfast(["migrate", ...place], { cwd: folder });
  const refused = (...args: readonly string[]) => {
    const { code, err, out } = run(...place, ...args);
    expect(out).toBe("");
    expect(code).toBe(2);
    return err;
  };
  expect(refused("--since", "1h", "--from", "2026-01-01")).toContain("--since or --from");
  expect(refused("--from", "yesterday")).toContain("It must be a moment");
  expect(refused("--since", "long")).toContain("--since");
  expect(refused("--step", "90s")).toContain("whole minutes");
  expect(refused("--queue", "")).toContain("queue");
  expect(refused("--from", "2026-02-01", "--to", "2026-01-01")).toContain("from must not be later");
});
