import type { Command } from "commander";
import { isHoldfastError } from "../../core/errors.ts";
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
        const loss =
          found.jobs === null
            ? "an unknown number of jobs (the schema is out of date, and cannot be counted)"
            : `${found.jobs} jobs, ${found.unfinished} of them not finished`;
        const { label } = database();
        if (options.force !== true) {
          throw wrongUsage(
            `Nothing was removed. This would remove ${loss}, from ${label}. Stop the workers (registered: ${found.workers ?? "unknown"}), save what you want to keep with holdfast export, and pass --force.`,
          );
        }
        await storage.dropSchema();
        if (found.workers !== null && found.workers > 0) {
          print.note(`registered workers: ${found.workers}; those that still run find no tables.`);
        }
        print.result({ database: label, removed: found }, () => `removed ${loss}, from ${label}`);
      });
    });
}

/** What there is to lose; `null` where that is unknown. */
interface Found {
  readonly jobs: number | null;
  readonly unfinished: number | null;
  readonly workers: number | null;
}

async function look(storage: Storage): Promise<Found> {
  const { current } = await storage.schemaStatus();
  if (current === 0) return { jobs: 0, unfinished: 0, workers: 0 };
  const counts = await unlessOutOfDate(storage.countJobs({}));
  const workers = await unlessOutOfDate(storage.listWorkers());
  const sum = (states: typeof jobStates) =>
    counts === null ? null : states.reduce((total, state) => total + counts[state], 0);
  return {
    jobs: sum(jobStates),
    unfinished: sum(jobStates.filter((state) => !isFinished(state))),
    workers: workers === null ? null : workers.length,
  };
}

/** What an older schema does not have cannot be read. */
async function unlessOutOfDate<Value>(answer: Promise<Value>): Promise<Value | null> {
  try {
    return await answer;
  } catch (error) {
    if (isHoldfastError(error, "SCHEMA_OUT_OF_DATE")) return null;
    throw error;
  }
}
