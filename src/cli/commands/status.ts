import type { Command } from "commander";
import { type JobState, jobStates } from "../../core/job.ts";
import type { QueueRecord } from "../../core/queue.ts";
import type { WorkerRecord } from "../../core/worker-record.ts";
import type { Storage } from "../../storage/contract/storage.ts";
import { addDatabaseOptions, type DatabaseOptions, withDatabase } from "../database.ts";
import { formatTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

interface StatusOptions extends DatabaseOptions {
  readonly json?: boolean;
}

/** What there is in the database; the rest is left out while the schema is out of date. */
interface Status {
  readonly schema: { readonly current: number; readonly latest: number };
  readonly jobs?: Readonly<Record<JobState, number>>;
  readonly queues?: readonly QueueRecord[];
  readonly workers?: readonly WorkerRecord[];
}

/** `holdfast status`: the schema's version, how many jobs there are in each state, the queues and the live workers. */
export function addStatus(program: Command, terminal: Terminal): void {
  addDatabaseOptions(program.command("status"))
    .description("show the schema's version, job counts, queues and live workers")
    .option("--json", "print one JSON object")
    .action((options: StatusOptions) =>
      withDatabase(options, terminal, "refuse", async (storage) => {
        const status = await readStatus(storage);
        terminal.out(options.json === true ? `${JSON.stringify(status)}\n` : format(status));
      }),
    );
}

async function readStatus(storage: Storage): Promise<Status> {
  const { current, latest, pending } = await storage.schemaStatus();
  const schema = { current, latest };
  if (pending.length > 0) return { schema };
  return {
    schema,
    jobs: await storage.countJobs({}),
    queues: await storage.listQueues(),
    workers: await storage.listWorkers(),
  };
}

function format({ schema, jobs, queues, workers }: Status): string {
  const version = `Schema: migration ${schema.current} of ${schema.latest}`;
  if (jobs === undefined || queues === undefined || workers === undefined) {
    return `${version}. Run npx holdfast migrate to bring it up to date.\n`;
  }
  return [
    `${version}, up to date.`,
    formatTable(
      ["JOBS", "COUNT"],
      jobStates.map((state) => [state, String(jobs[state])]),
    ),
    queues.length === 0 ? "No queues." : formatQueues(queues),
    workers.length === 0 ? "No live workers." : formatWorkers(workers),
  ]
    .map((part) => `${part}\n`)
    .join("\n");
}

function formatQueues(queues: readonly QueueRecord[]): string {
  return formatTable(
    ["QUEUE", "AVAILABLE", "RUNNING", "STATE"],
    queues.map((queue) => [
      queue.name,
      String(queue.available),
      String(queue.running),
      stateOf(queue),
    ]),
  );
}

function stateOf({ paused, closedUntil }: QueueRecord): string {
  if (paused) return "paused";
  return closedUntil === null ? "open" : `cooling until ${new Date(closedUntil).toISOString()}`;
}

function formatWorkers(workers: readonly WorkerRecord[]): string {
  return formatTable(
    ["WORKER", "HOST", "PID", "SINCE", "QUEUES"],
    workers.map(({ id, host, pid, startedAt, queues }) => [
      id,
      host,
      String(pid),
      new Date(startedAt).toISOString(),
      queues.join(", "),
    ]),
  );
}
