// @ts-check
// Four kinds of jobs, each done in another way: a command, a warm child in shell, one in Python, and a thread.
//   node examples/any-language/main.mjs
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createClient, createWorker, defineJob } from "holdfast";
import { command, processPool, threadHandler } from "holdfast/process";
import { z } from "zod";

const here = fileURLToPath(new URL(".", import.meta.url));
const hasPython = spawnSync("python3", ["--version"]).status === 0;

const countWords = defineJob({
  name: "count-words",
  payload: z.object({ text: z.string() }),
  result: z.object({ words: z.number() }),
});
const measure = defineJob({
  name: "measure",
  payload: z.object({ file: z.string() }),
  result: z.number(),
});
const countLetters = defineJob({
  name: "count-letters",
  payload: z.object({ text: z.string() }),
  result: z.record(z.string(), z.number()),
});
const countPrimes = defineJob({
  name: "count-primes",
  payload: z.object({ below: z.number() }),
  result: z.number(),
});

const shell = processPool({ argv: ["sh", "worker.sh"], cwd: here, size: 2 });
// A python3 of a version manager looks for itself below HOME.
const python = processPool({ argv: ["python3", "worker.py"], cwd: here, inherit: ["HOME"] });
const client = await createClient("sqlite::memory:");
const worker = createWorker(client, {
  handlers: [
    countWords.handler(
      command(({ text }) => ({ argv: ["sh", "word-count.sh"], stdin: text }), {
        output: "json",
        root: here,
      }),
    ),
    measure.handler(shell.run),
    countLetters.handler(python.run),
    countPrimes.handler(threadHandler(new URL("./primes-thread.mjs", import.meta.url))),
  ],
});
await worker.start();

/** @param {import("holdfast").EnqueueReceipt<unknown>} receipt */
async function report({ id }) {
  const { name } = (await client.jobs.get(id)) ?? {};
  const { state, result, reason } = await client.handle(id).finished({ timeout: "30s" });
  console.log(`${name}: ${state} ${JSON.stringify(result ?? reason?.message)}`);
}

await report(await client.enqueue(countWords, { text: "a job in any language" }));
await report(await client.enqueue(countWords, { text: "" }));
await report(await client.enqueue(measure, { file: "worker.sh" }));
await report(await client.enqueue(measure, { file: "no-such-file" }));
await report(await client.enqueue(countPrimes, { below: 100_000 }));
if (hasPython) await report(await client.enqueue(countLetters, { text: "banana" }));
else console.log("there is no python3 here, so the Python child is left out");

await worker.stop();
await shell.close();
await python.close();
await client.close();
