import type { Command } from "commander";
import { isFinished, jobStates } from "../../core/job.ts";
import type { Storage } from "../../storage/contract/storage.ts";
import { openContext } from "../command-context.ts";
import { wrongUsage } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";

/** `holdfast drop --force`: removes Holdfast's tables with everything in them. */
export function addDrop(program: Command, terminal: Terminal): void {
  program
    .command("drop")
    .description("remove Holdfast's tables with every job in them")
    .option("--force", "do it; without, say what would be lost")
    .action(async (options: { readonly force?: boolean }, command: Command) => {
      const { print, database, onStorage } = await openContext(command, terminal);
      await onStorage("refuse", async (storage) => {
        const found = await look(storage);
        const loss = `${found.jobs} jobs, ${found.unfinished} of them not finished`;
        const { label } = database();
        if (options.force !== true) {
          throw wrongUsage(
            `Nothing was removed. This would remove ${loss}, from ${label}. Stop the workers (registered: ${found.workers}), save what you want to keep with holdfast export, and pass --force.`,
          );
        }
        await storage.dropSchema();
        if (found.workers > 0) {
          print.note(`registered workers: ${found.workers}; those that still run find no tables.`);
        }
        print.result({ database: label, removed: found }, () => `removed ${loss}, from ${label}`);
      });
    });
}

interface Found {
  readonly jobs: number;
  readonly unfinished: number;
  readonly workers: number;
}

/** What there is to lose; an out of date schema cannot be read. */
async function look(storage: Storage): Promise<Found> {
  const { pending } = await storage.schemaStatus();
  if (pending.length > 0) return { jobs: 0, unfinished: 0, workers: 0 };
  const counts = await storage.countJobs({});
  const sum = (states: typeof jobStates) =>
    states.reduce((total, state) => total + counts[state], 0);
  return {
    jobs: sum(jobStates),
    unfinished: sum(jobStates.filter((state) => !isFinished(state))),
    workers: (await storage.listWorkers()).length,
  };
}
