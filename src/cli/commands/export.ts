import type { Command } from "commander";
import { prepareSchema } from "../../client/prepare-schema.ts";
import type { Storage } from "../../storage/contract/storage.ts";
import { openContext } from "../command-context.ts";
import { createFile } from "../line-file.ts";
import type { Progress } from "../progress.ts";
import type { Terminal } from "../terminal.ts";
import { endLine, headLine, recordLine } from "../transfer-lines.ts";

/** `holdfast export`: every job in its state, keys, limits, queues and schedules, as lines of JSON. */
export function addExport(program: Command, terminal: Terminal): void {
  program
    .command("export")
    .description(
      "write every job in its state, keys, limits, queues and schedules as lines of JSON",
    )
    .argument("[file]", "a file that is not there yet (default: standard output)")
    .action(async (file: string | undefined, _options: object, command: Command) => {
      const { print, progress, onStorage } = await openContext(command, terminal);
      await onStorage("refuse", async (storage) => {
        await prepareSchema(storage, false);
        if (file === undefined || file === "-") {
          const { records, running } = await write(storage, terminal.out, progress("exported"));
          print.note(`exported ${records} records.${remark(running)}`);
          return;
        }
        const into = createFile(file);
        const written = await write(storage, into.write, progress("exported"));
        into.close();
        if (written.running > 0) print.note(remark(written.running).trim());
        print.result({ file, ...written }, () => `exported ${written.records} records to ${file}`);
      });
    });
}

async function write(storage: Storage, out: (text: string) => void, progress: Progress) {
  let [records, jobs, running] = [0, 0, 0];
  out(headLine(storage.kind, Date.now()));
  const drawn = await storage.exportRecords((some) => {
    out(some.map(recordLine).join(""));
    records += some.length;
    jobs += some.filter(({ type }) => type === "job").length;
    running += some.filter(({ fields }) => fields["state"] === "running").length;
    progress.update(records);
  });
  progress.end();
  out(endLine(records, drawn));
  return { records, jobs, running };
}

function remark(running: number): string {
  if (running === 0) return "";
  return ` Jobs that were running: ${running}. Where they are imported they run again; stop the workers before a move, so that none runs twice.`;
}
