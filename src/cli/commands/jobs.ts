import { type Command, CommanderError } from "commander";
import { prepareSchema } from "../../client/prepare-schema.ts";
import { checkPayload, type RejectedPayload } from "../../core/check-payload.ts";
import { isFinished, type Job, jobStates } from "../../core/job.ts";
import type { AnyJobDefinition } from "../../core/job-request.ts";
import type { Storage } from "../../storage/contract/storage.ts";
import { addDatabaseOptions, type DatabaseOptions, withDatabase } from "../database.ts";
import { loadDefinitions } from "../load-definitions.ts";
import { formatTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

interface CheckOptions extends DatabaseOptions {
  readonly json?: boolean;
}

const pageSize = 1_000;
const unfinished = jobStates.filter((state) => !isFinished(state));

/** `holdfast jobs check`: which queued payloads the definitions of a module would reject. */
export function addJobs(program: Command, terminal: Terminal): void {
  const jobs = program.command("jobs").description("look at the jobs in the database");
  addDatabaseOptions(jobs.command("check"))
    .description("list queued payloads that the definitions a module exports would reject")
    .argument("<module>", "a JavaScript module that exports job definitions or handlers")
    .option("--json", "print one JSON object")
    .action(async (file: string, options: CheckOptions) => {
      const definitions = await loadDefinitions(file);
      await withDatabase(options, terminal, "refuse", async (storage) => {
        await prepareSchema(storage, false);
        const report = await checkQueued(storage, definitions);
        terminal.out(options.json === true ? `${JSON.stringify(report)}\n` : format(report));
        if (report.rejected.length > 0) {
          throw new CommanderError(1, "holdfast.rejected", "some payloads would be rejected");
        }
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

function format({ checked, rejected, undefinedNames }: Report): string {
  const others = Object.entries(undefinedNames);
  return [
    rejected.length === 0
      ? `All ${checked} queued payloads would be run.`
      : formatTable(
          ["JOB", "NAME", "VERSION", "PROBLEM", "WHY"],
          rejected.map(({ id, name, version, kind, message }) => [
            id,
            name,
            String(version),
            kind,
            message,
          ]),
        ),
    ...(others.length === 0
      ? []
      : [`No definition of: ${others.map(([name, jobs]) => `${name} (${jobs})`).join(", ")}.`]),
  ]
    .map((part) => `${part}\n`)
    .join("\n");
}
