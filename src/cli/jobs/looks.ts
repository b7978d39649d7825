import type { Command } from "commander";
import { explain } from "../../client/explain.ts";
import { jobNotFound } from "../../client/job-id.ts";
import type { Attempt } from "../../core/attempt.ts";
import type { Job, JobState } from "../../core/job.ts";
import type { LogLine } from "../../core/log-line.ts";
import { openContext, withClient } from "../command-context.ts";
import { type Colour, plain } from "../paint.ts";
import { addPage, type PageOptions, readPage, sayMore } from "../page-options.ts";
import type { Printer } from "../printer.ts";
import type { Column } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { formatInstant } from "../time-text.ts";
import { addFilterOptions, type FilterOptions, readFilterOptions } from "./filter-options.ts";

interface ListOptions extends FilterOptions, PageOptions {
  readonly count?: boolean;
}

const colours: Readonly<Partial<Record<JobState, Colour>>> = {
  completed: "green",
  running: "cyan",
  retryable: "yellow",
  blocked: "yellow",
  discarded: "red",
  cancelled: "dim",
};

/** The columns of every table of jobs. */
export const jobColumns: readonly Column<Job>[] = [
  { title: "JOB", cell: ({ id }) => id },
  { title: "STATE", cell: ({ state }) => state, colour: ({ state }) => colours[state] },
  { title: "NAME", cell: ({ name }) => name },
  { title: "QUEUE", cell: ({ queue }) => queue },
  { title: "ATTEMPT", cell: ({ attempt }) => attempt },
  { title: "DUE OR ENDED", cell: ({ finishedAt, runAt }) => formatInstant(finishedAt ?? runAt) },
  { title: "ERROR", cell: (job) => errorOf(job)?.slice(0, 60) ?? null },
];

function errorOf({ reason, attempts }: Job): string | undefined {
  return attempts.at(-1)?.error?.message ?? reason?.message;
}

/** `holdfast jobs list`, `show`, `logs` and `explain`. */
export function addLooks(jobs: Command, terminal: Terminal): void {
  addPage(addFilterOptions(jobs.command("list")))
    .description("list jobs, newest first; all conditions given must hold")
    .option("--count", "say how many there are in each state instead")
    .action((options: ListOptions, command: Command) => list(command, terminal, options));
  jobs
    .command("show")
    .description("show everything about one job")
    .argument("<id>", "the job")
    .action((id: string, _options: object, command: Command) =>
      withClient(command, terminal, async ({ client, print }) => {
        const job = await client.jobs.get(id);
        if (job === undefined) throw jobNotFound(id);
        print.result(job, () => formatJob(job, print));
      }),
    );
  jobs
    .command("logs")
    .description("show the newest lines that a job has logged")
    .argument("<id>", "the job")
    .option("--limit <count>", "how many, 1 to 1000", "200")
    .action((id: string, options: { readonly limit: string }, command: Command) =>
      withClient(command, terminal, async ({ client, print }) => {
        const { limit } = readPage(options);
        if ((await client.jobs.get(id)) === undefined) throw jobNotFound(id);
        const lines = await client.jobs.logs(id, { limit });
        print.result(lines, () =>
          lines.length === 0 ? "It has logged nothing." : print.table(lineColumns, lines),
        );
      }),
    );
  jobs
    .command("explain")
    .description("say why a job is where it is: what it waits for, who runs it or how it ended")
    .argument("<id>", "the job")
    .action(async (id: string, _options: object, command: Command) => {
      const { print, onStorage } = await openContext(command, terminal);
      // Below the client: a schema that is behind is one of the reasons.
      await onStorage("refuse", async (storage) => {
        const now = await storage.serverTime();
        const found = await explain({ storage, id, now, call: "holdfast jobs explain" });
        print.result(found, () =>
          [`Job ${id} is ${found.state}.`, ...found.reasons.map(({ text }) => plain(text))].join(
            "\n",
          ),
        );
      });
    });
}

const lineColumns: readonly Column<LogLine>[] = [
  { title: "AT", cell: ({ at }) => formatInstant(at) },
  { title: "ATTEMPT", cell: ({ attempt }) => attempt },
  { title: "LEVEL", cell: ({ level }) => level },
  { title: "MESSAGE", cell: ({ message }) => message },
  {
    title: "FIELDS",
    cell: ({ fields }) => (Object.keys(fields).length === 0 ? null : JSON.stringify(fields)),
  },
];

function list(command: Command, terminal: Terminal, options: ListOptions): Promise<void> {
  const page = readPage(options);
  return withClient(command, terminal, async ({ client, print }) => {
    const filter = readFilterOptions(options, client.clock.now());
    if (options.count === true) {
      const counts = await client.jobs.count(filter);
      return print.result(counts, () => print.fields(Object.entries(counts)));
    }
    const found = await client.jobs.list({ ...filter, ...page });
    print.result(found, () =>
      found.jobs.length === 0 ? "No such jobs." : print.table(jobColumns, found.jobs),
    );
    sayMore(print, found.next);
  });
}

const attemptColumns: readonly Column<Attempt>[] = [
  { title: "ATTEMPT", cell: ({ number }) => number },
  { title: "HOW", cell: ({ how }) => how },
  { title: "WORKER", cell: ({ worker }) => worker },
  { title: "BEGAN", cell: ({ began }) => formatInstant(began) },
  { title: "MS", cell: ({ began, ended }) => ended - began },
  {
    title: "ERROR",
    cell: ({ error }) => (error === undefined ? null : `${error.name}: ${error.message}`),
  },
];

function formatJob(job: Job, print: Printer): string {
  const { cancelRequested, reason } = job;
  const stopping =
    cancelRequested === null
      ? null
      : `${cancelRequested.why} (${cancelRequested.by ?? "nobody said who"})`;
  const fields = print.fields([
    ["job", job.id],
    ["name", job.name],
    ["version", job.version],
    ["queue", job.queue],
    ["state", job.state],
    ["priority", job.priority],
    ["attempt", job.attempt],
    ["crashes", job.crashes === 0 ? null : job.crashes],
    ["worker", job.worker],
    ["enqueued", formatInstant(job.createdAt)],
    ["due", formatInstant(job.runAt)],
    ["claimed", formatInstant(job.claimedAt)],
    ["ended", formatInstant(job.finishedAt)],
    ["asked to stop", stopping],
    ["reason", reason === null ? null : `${reason.code}: ${reason.message}`],
    ["unique key", job.uniqueKey],
    ["gates", job.gates.length === 0 ? null : job.gates.map(({ gate }) => gate).join(", ")],
    ["waits at", job.waitingFor],
    ["trace", job.trace],
    ["tags", job.tags.length === 0 ? null : job.tags.join(", ")],
    ["payload", JSON.stringify(job.payload)],
    ["result", valueOf(job.result)],
    ["checkpoint", valueOf(job.checkpoint)],
    ["progress", valueOf(job.progress)],
  ]);
  return job.attempts.length === 0
    ? fields
    : `${fields}\n\n${print.table(attemptColumns, job.attempts)}`;
}

function valueOf(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
