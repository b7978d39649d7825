import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineJob } from "holdfast";
import { command, processPool } from "holdfast/process";
import { describe, expect, test } from "vitest";
import { describeWorkers } from "./worker-bench.ts";

const examples = fileURLToPath(new URL("../../examples/any-language/", import.meta.url));
const hasPython = spawnSync("python3", ["--version"]).status === 0;

describe("the examples' children, on real jobs", () => {
  describeWorkers((openBench, databases) => {
    test("the shell's word count: a result, and a discard by exit code", async () => {
      const words = defineJob<{ text: string }, { words: number }>({ name: "count-words" });
      const bench = await openBench();
      const plan = ({ text }: { text: string }) => ({ argv: ["sh", "word-count.sh"], stdin: text });
      await bench.work([words.handler(command(plan, { output: "json", root: examples }))]);
      const { id } = await bench.client.enqueue(words, { text: "one two\nthree" });
      await expect(bench.finished(id)).resolves.toMatchObject({ result: { words: 3 } });
      const empty = await bench.client.enqueue(words, { text: " " });
      await expect(bench.finished(empty.id)).resolves.toMatchObject({ state: "discarded" });
    });

    test("the shell's warm child", async () => {
      const measure = defineJob<{ file: string }, number>({ name: "measure" });
      const pool = databases.closing(
        processPool({ argv: ["sh", "worker.sh"], cwd: examples, size: 2 }),
      );
      const bench = await openBench();
      await bench.work([measure.handler(pool.run)]);
      const receipts = await bench.client.enqueueMany(
        measure,
        Array.from({ length: 20 }, () => ({ file: "worker.sh" })),
      );
      const bytes = readFileSync(`${examples}worker.sh`).length;
      for (const { id } of receipts) {
        await expect(bench.finished(id)).resolves.toMatchObject({ result: bytes });
      }
      const missing = await bench.client.enqueue(measure, { file: "no-such-file" });
      await expect(bench.finished(missing.id)).resolves.toMatchObject({ state: "discarded" });
    });

    test.skipIf(!hasPython)("the warm child in Python (skipped without python3)", async () => {
      const letters = defineJob<{ text: unknown }>({ name: "count-letters", retry: "none" });
      const pool = databases.closing(
        processPool({
          argv: ["python3", "worker.py"],
          cwd: examples,
          size: 2,
          inherit: ["HOME"], // where version managers keep what python3 is
        }),
      );
      const bench = await openBench();
      await bench.work([letters.handler(pool.run)]);
      const receipts = await bench.client.enqueueMany(
        letters,
        Array.from({ length: 20 }, (_, index) => ({ text: "ä".repeat(index) })),
      );
      for (const [index, { id }] of receipts.entries()) {
        const { result } = await bench.finished(id);
        expect(result).toEqual(index === 0 ? {} : { ä: index });
      }
      const long = await bench.client.enqueue(letters, { text: "x".repeat(2_500) });
      await bench.finished(long.id);
      expect((await bench.job(long.id)).progress).toBe(2_000);
      const wrong = await bench.client.enqueue(letters, { text: 7 });
      await expect(bench.finished(wrong.id)).resolves.toMatchObject({
        state: "discarded",
        reason: { code: "JOB_DISCARDED", message: "text must be text" },
      });
      const broken = await bench.client.enqueue(letters, {} as { text: unknown });
      await bench.finished(broken.id);
      expect((await bench.job(broken.id)).attempts).toMatchObject([
        { error: { name: "KeyError" } },
      ]);
    });
  });
});
