import type { Command } from "commander";
import { checkPayload, type RejectedPayload } from "../../core/check-payload.ts";
import { isFinished, type Job, jobStates } from "../../core/job.ts";
import type { AnyJobDefinition } from "../../core/job-request.ts";
import type { Storage } from "../../storage/contract/storage.ts";
import { openContext } from "../command-context.ts";
import { CommandEnd, wrongUsage } from "../exit-codes.ts";
import type { Printer } from "../printer.ts";
import type { Column } from "../table.ts";
import type { Terminal } from "../terminal.ts";

const pageSize = 1_000;
const unfinished = jobStates.filter((state) => !isFinished(state));

/** `holdfast jobs check`: which queued payloads the definitions of a module would reject. */
export function addCheck(jobs: Command, terminal: Terminal): void {
  jobs
    .command("check")
    .description("list queued payloads that the definitions modules export would reject")
    .argument(
      "[modules...]",
      "modules that export job definitions or handlers (default: the configuration's jobs)",
    )
    .action(async (modules: readonly string[], _options: object, command: Command) => {
      const { print, jobs: load, onClient } = await openContext(command, terminal);
      const loaded = await load(modules);
      if (loaded === undefined) {
        throw wrongUsage(
          "Name a module that exports the definitions, or jobs in holdfast.config.ts.",
        );
      }
      await onClient(async (_client, storage) => {
        const report = await checkQueued(storage, loaded.definitions);
        print.result(report, () => format(report, print));
        if (report.rejected.length > 0) throw new CommandEnd();
      });
    });
}

interface Report {
  readonly checked: number;
  readonly rejected: readonly RejectedPayload[];
  /** Queued jobs of names the module has no definition of, by name. */
  readonly undefinedNames: Readonly<Record<string, number>>;
}

async function checkQueued(
  storage: Storage,
  definitions: ReadonlyMap<string, AnyJobDefinition>,
): Promise<Report> {
  const rejected: RejectedPayload[] = [];
  const undefinedNames: Record<string, number> = {};
  let checked = 0;
  let page: readonly Job[];
  let after: string | undefined;
  do {
    page = await storage.listJobs({ states: unfinished }, pageSize, after);
    after = page.at(-1)?.id;
    for (const job of page) {
      const definition = definitions.get(job.name);
      if (definition === undefined) {
        undefinedNames[job.name] = (undefinedNames[job.name] ?? 0) + 1;
        continue;
      }
      checked += 1;
      const found = await checkPayload(definition, job);
      if (found !== undefined) rejected.push(found);
    }
  } while (page.length === pageSize);
  return { checked, rejected, undefinedNames };
}

const columns: readonly Column<RejectedPayload>[] = [
  { title: "JOB", cell: ({ id }) => id },
  { title: "NAME", cell: ({ name }) => name },
  { title: "VERSION", cell: ({ version }) => version },
  { title: "PROBLEM", cell: ({ kind }) => kind, colour: () => "red" },
  { title: "WHY", cell: ({ message }) => message },
];

function format({ checked, rejected, undefinedNames }: Report, print: Printer): string {
  const others = Object.entries(undefinedNames).map(([name, jobs]) => `${name} (${jobs})`);
  return [
    rejected.length === 0
      ? `All ${checked} queued payloads would be run.`
      : print.table(columns, rejected),
    ...(others.length === 0 ? [] : [`No definition of: ${others.join(", ")}.`]),
  ].join("\n\n");
}
