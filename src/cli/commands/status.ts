import type { Command } from "commander";
import { type JobState, jobStates } from "../../core/job.ts";
import type { QueueRecord } from "../../core/queue.ts";
import type { WorkerRecord } from "../../core/worker-record.ts";
import type { Storage } from "../../storage/contract/storage.ts";
import { openContext } from "../command-context.ts";
import { plain } from "../paint.ts";
import type { Printer } from "../printer.ts";
import type { Column } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { formatInstant } from "../time-text.ts";

/** What there is in the database; the rest is left out while the schema is out of date. */
interface Status {
  /** Where it is, without what is secret. */
  readonly database: string;
  readonly schema: { readonly current: number; readonly latest: number };
  readonly jobs?: Readonly<Record<JobState, number>>;
  readonly queues?: readonly QueueRecord[];
  readonly workers?: readonly WorkerRecord[];
}

/** `holdfast status`: the schema's version, how many jobs there are in each state, the queues and the live workers. */
export function addStatus(program: Command, terminal: Terminal): void {
  program
    .command("status")
    .description("show the schema's version, job counts, queues and live workers")
    .action(async (_options: object, command: Command) => {
      const { print, database, onStorage } = await openContext(command, terminal);
      await onStorage("refuse", async (storage) => {
        const status = { database: database().label, ...(await readStatus(storage)) };
        print.result(status, () => format(status, print));
      });
    });
}

async function readStatus(storage: Storage): Promise<Omit<Status, "database">> {
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

const jobColumns: readonly Column<readonly [JobState, number]>[] = [
  { title: "JOBS", cell: ([state]) => state },
  { title: "COUNT", cell: ([, count]) => count },
];

const queueColumns: readonly Column<QueueRecord>[] = [
  { title: "QUEUE", cell: ({ name }) => name },
  { title: "AVAILABLE", cell: ({ available }) => available },
  { title: "RUNNING", cell: ({ running }) => running },
  {
    title: "STATE",
    cell: stateOf,
    colour: ({ paused, closedUntil }) => (paused || closedUntil !== null ? "yellow" : undefined),
  },
];

const workerColumns: readonly Column<WorkerRecord>[] = [
  { title: "WORKER", cell: ({ id }) => id },
  { title: "HOST", cell: ({ host }) => host },
  { title: "PID", cell: ({ pid }) => pid },
  { title: "SINCE", cell: ({ startedAt }) => formatInstant(startedAt) },
  { title: "QUEUES", cell: ({ queues }) => queues.join(", ") },
];

function format({ database, schema, jobs, queues, workers }: Status, print: Printer): string {
  const version = `Database: ${plain(database)}\nSchema: migration ${schema.current} of ${schema.latest}`;
  if (jobs === undefined || queues === undefined || workers === undefined) {
    return `${version}. Run npx holdfast migrate to bring it up to date.`;
  }
  return [
    `${version}, up to date.`,
    print.table(
      jobColumns,
      jobStates.map((state) => [state, jobs[state]]),
    ),
    queues.length === 0 ? "No queues." : print.table(queueColumns, queues),
    workers.length === 0 ? "No live workers." : print.table(workerColumns, workers),
  ].join("\n\n");
}

function stateOf({ paused, closedUntil }: QueueRecord): string {
  if (paused) return "paused";
  return closedUntil === null ? "open" : `cooling until ${formatInstant(closedUntil)}`;
}
