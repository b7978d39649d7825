import type { Command } from "commander";
import { prepareSchema } from "../../client/prepare-schema.ts";
import { land } from "../../core/landing.ts";
import type { TransferRecord } from "../../core/transfer-record.ts";
import type { DrawnNumbers } from "../../storage/contract/transfer.ts";
import { type CommandContext, openContext } from "../command-context.ts";
import { wrongUsage } from "../exit-codes.ts";
import { FoundJobs } from "../found-jobs.ts";
import { linesOf, spooled } from "../line-file.ts";
import type { Terminal } from "../terminal.ts";
import { readLine } from "../transfer-lines.ts";

const batchSize = 500;

/** `holdfast import`: stores what `holdfast export` has written in a database without jobs, all or nothing. */
export function addImport(program: Command, terminal: Terminal): void {
  program
    .command("import")
    .description("store what holdfast export has written, all or nothing, where there are no jobs")
    .argument("<file>", "the lines; - reads them from standard input")
    .option("--check", "read the lines and change nothing")
    .action(async (file: string, options: { readonly check?: boolean }, command: Command) => {
      const context = await openContext(command, terminal);
      const run = (lines: string) => importLines(lines, options.check === true, context);
      await (file === "-" ? spooled(terminal.input(), run) : run(file));
    });
}

async function importLines(
  file: string,
  checkOnly: boolean,
  { print, progress, onStorage }: CommandContext,
): Promise<void> {
  // Everything is read once before anything is written: a file that ends too soon is found out here.
  const { drawn, ...found } = readAll(file);
  if (checkOnly) {
    print.result({ ...found, imported: false }, () => `${found.records} records can be imported`);
    return;
  }
  await onStorage("refuse", async (storage) => {
    await prepareSchema(storage, false);
    const now = await storage.serverTime();
    const shown = progress("imported");
    const batches = batchesOf(file, now, (done) => shown.update(done, found.records));
    await storage.importRecords(batches, drawn);
    shown.end();
    await storage.wakeOrders();
    await storage.wake([...found.queues]);
    print.result(
      { records: found.records, jobs: found.jobs, running: found.running, imported: true },
      () => `imported ${found.records} records, ${found.jobs} of them jobs`,
    );
  });
}

/** Reads all lines and says what there is, so that nothing is begun that cannot be finished. */
function readAll(file: string) {
  let end: { readonly records: number; readonly drawn: DrawnNumbers } | undefined;
  let [records, lines] = [0, 0];
  const jobs = new FoundJobs();
  for (const [number, text] of linesOf(file)) {
    const line = readLine(text, number);
    lines += 1;
    if ((line.kind === "head") !== (lines === 1))
      throw wrongUsage(`${file} does not begin as an export does.`);
    if (end !== undefined)
      throw wrongUsage(`Line ${number} cannot be imported: it comes after the end.`);
    if (line.kind === "end") end = line;
    if (line.kind !== "record") continue;
    records += 1;
    if (line.record.type === "job") jobs.add(line.record.fields, number);
  }
  if (end?.records !== records) {
    throw wrongUsage(
      `${file} is not whole: ${end === undefined ? "its last line, the end, is missing" : `it has ${records} records of ${end.records}`}. Export again.`,
    );
  }
  jobs.checkDrawn(end.drawn);
  const { count, running, queues } = jobs;
  return { records, jobs: count, running, queues, drawn: end.drawn };
}

function* batchesOf(
  file: string,
  now: number,
  tell: (done: number) => void,
): Iterable<readonly TransferRecord[]> {
  let batch: TransferRecord[] = [];
  let done = 0;
  for (const [number, text] of linesOf(file)) {
    const line = readLine(text, number);
    if (line.kind === "record") batch.push(land(line.record, now));
    if (batch.length < batchSize) continue;
    yield batch;
    tell((done += batch.length));
    batch = [];
  }
  yield batch;
}
