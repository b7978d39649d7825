import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import type { Client } from "../../core/client.ts";
import { parseDuration } from "../../core/duration.ts";
import { HoldfastError } from "../../core/errors.ts";
import type { WorkerRecord, WorkerReport } from "../../core/worker-record.ts";
import type { MaintenancePass } from "../../core/workers-client.ts";
import { addBy, whoOf, type ByOption } from "../by-option.ts";
import { withClient } from "../command-context.ts";
import type { Printer } from "../printer.ts";
import type { Progress } from "../progress.ts";
import type { Column } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { formatInstant, formatSpan } from "../time-text.ts";

interface DrainOptions extends ByOption {
  readonly wait?: string;
}

/** Later than this a main loop keeps its other jobs waiting. */
const lateMs = 1_000;
const lookMs = 200;

const columns: readonly Column<WorkerRecord>[] = [
  { title: "WORKER", cell: ({ id }) => id },
  {
    title: "STATE",
    cell: ({ state }) => state,
    colour: ({ state }) => (state === "draining" ? "yellow" : undefined),
  },
  { title: "HOST", cell: ({ host }) => host },
  { title: "PID", cell: ({ pid }) => pid },
  { title: "VERSION", cell: ({ version }) => version },
  { title: "RUNNING", cell: ({ report }) => places(report) },
  {
    title: "LAG",
    cell: ({ report }) => (report === null ? null : formatSpan(report.lagMs)),
    colour: ({ report }) => (report !== null && report.lagMs > lateMs ? "yellow" : undefined),
  },
  { title: "MEMORY", cell: ({ report }) => (report === null ? null : megabytes(report.rssBytes)) },
  {
    title: "HEARD",
    cell: ({ lastBeatMs }) => (lastBeatMs === null ? null : `${formatSpan(lastBeatMs)} ago`),
    colour: (worker) => (isSilent(worker) ? "red" : undefined),
  },
  { title: "QUEUES", cell: ({ queues }) => queues.join(", ") },
];

const passColumns: readonly Column<MaintenancePass>[] = [
  { title: "PASS", cell: ({ name }) => name },
  { title: "WORKER", cell: ({ worker }) => worker },
  { title: "LAST RUN", cell: ({ ranAt }) => formatInstant(ranAt) },
  { title: "TOOK", cell: ({ tookMs }) => formatSpan(tookMs) },
  { title: "ROWS", cell: ({ rows }) => rows },
  { title: "IN ALL", cell: ({ total }) => total },
  { title: "FAILED WITH", cell: ({ error }) => error, colour: () => "red" },
];

/** `holdfast workers`: who works, how they are, what their maintenance does, and letting one drain. */
export function addWorkers(program: Command, terminal: Terminal): void {
  const workers = program
    .command("workers")
    .description("look at workers and their maintenance, and let them drain");
  addList(workers, terminal);
  addShow(workers, terminal);
  addDrain(workers, terminal);
  addPasses(workers, terminal);
}

function addList(workers: Command, terminal: Terminal): void {
  workers
    .command("list")
    .description("list the live workers: where they run, how they are and what they serve")
    .action((_options: object, command: Command) =>
      withClient(command, terminal, async ({ client, print }) => {
        const found = await client.workers.list();
        print.result(found, () =>
          found.length === 0 ? "No live workers." : print.table(columns, found),
        );
        for (const worker of found.filter(isSilent)) print.note(silence(worker));
      }),
    );
}

function addShow(workers: Command, terminal: Terminal): void {
  workers
    .command("show")
    .description("show one worker: its process, what it serves, its jobs and its maintenance")
    .argument("<id>", "the worker")
    .action((id: string, _options: object, command: Command) =>
      withClient(command, terminal, async ({ client, print }) => {
        const worker = await client.workers.get(id);
        if (worker === undefined) throw unknownWorker(id);
        print.result(worker, () => describe(worker, print));
      }),
    );
}

function addDrain(workers: Command, terminal: Terminal): void {
  addBy(workers.command("drain"))
    .description(
      "let workers end their jobs, claim no more and stop; holdfast work then exits with 0",
    )
    .argument("<ids...>", "the workers")
    .option("--wait <duration>", "wait until they have stopped, at most so long; else exit with 1")
    .action(async (ids: readonly string[], { wait, ...who }: DrainOptions, command: Command) => {
      const waitMs = wait === undefined ? undefined : parseDuration(wait, "--wait");
      await withClient(command, terminal, async ({ client, print, progress }) => {
        await refuseUnknown(client, ids);
        for (const worker of await client.workers.list()) {
          if (ids.includes(worker.id) && isSilent(worker)) print.note(silence(worker));
        }
        for (const id of ids) await client.workers.drain(id, whoOf(who, terminal));
        if (waitMs !== undefined) await untilGone(client, ids, waitMs, progress("stopped"));
        const did = waitMs === undefined ? "draining" : "stopped";
        print.result({ [did]: ids }, () => ids.map((id) => `${did} ${id}`).join("\n"));
      });
    });
}

function addPasses(workers: Command, terminal: Terminal): void {
  workers
    .command("passes")
    .description("list the passes of maintenance: when each last ran where, how long, what it did")
    .action((_options: object, command: Command) =>
      withClient(command, terminal, async ({ client, print }) => {
        const found = await client.maintenance.list();
        print.result(found, () =>
          found.length === 0 ? "No worker has told of any." : print.table(passColumns, found),
        );
      }),
    );
}

/** One that is not there is told before any is touched. */
async function refuseUnknown(client: Client, ids: readonly string[]): Promise<void> {
  const there = await liveOf(client, ids);
  for (const id of ids) if (!there.includes(id)) throw unknownWorker(id);
}

async function untilGone(
  client: Client,
  ids: readonly string[],
  waitMs: number,
  progress: Progress,
): Promise<void> {
  const end = performance.now() + waitMs;
  for (;;) {
    const left = await liveOf(client, ids);
    progress.update(ids.length - left.length, ids.length);
    if (left.length === 0 || performance.now() >= end) progress.end();
    if (left.length === 0) return;
    if (performance.now() >= end) throw stillThere(left, waitMs);
    await sleep(lookMs);
  }
}

/** Those of the workers that are registered. */
async function liveOf(client: Client, ids: readonly string[]): Promise<readonly string[]> {
  const there = new Set((await client.workers.list()).map(({ id }) => id));
  return ids.filter((id) => there.has(id));
}

function describe(worker: WorkerRecord, print: Printer): string {
  const { report, slots } = worker;
  const fields = print.fields([
    ["Worker", worker.id],
    ["State", worker.drainedBy === null ? worker.state : `${worker.state}, by ${worker.drainedBy}`],
    ["Host", worker.host],
    ["Process", worker.pid],
    ["Holdfast", worker.version],
    ["Since", formatInstant(worker.startedAt)],
    ["Heard", worker.lastBeatMs === null ? null : `${formatSpan(worker.lastBeatMs)} ago`],
    ["Lease", formatSpan(worker.leaseMs)],
    ["Queues", worker.queues.map((queue) => queueText(queue, slots)).join(", ")],
    ["Handlers", worker.handlers.join(", ")],
    ["Running", places(report)],
    ["Jobs", report === null || report.jobs.length === 0 ? null : report.jobs.join(", ")],
    ["Lag", report === null ? null : formatSpan(report.lagMs)],
    ["Memory", report === null ? null : megabytes(report.rssBytes)],
    ["Heap", report === null ? null : megabytes(report.heapBytes)],
  ]);
  const passes = Object.entries(report?.passes ?? {}).map(([name, pass]) => ({
    name,
    worker: worker.id,
    ...pass,
  }));
  return passes.length === 0 ? fields : `${fields}\n\n${print.table(passColumns, passes)}`;
}

function queueText(queue: string, slots: WorkerRecord["slots"]): string {
  const most = slots[queue];
  return most === undefined ? queue : `${queue} (${most})`;
}

function places(report: WorkerReport | null): string | null {
  return report === null ? null : `${report.running} of ${report.places}`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`;
}

function isSilent({ lastBeatMs, leaseMs }: WorkerRecord): boolean {
  return lastBeatMs !== null && lastBeatMs > leaseMs;
}

function silence({ id }: WorkerRecord): string {
  return `worker ${id} has been silent for its lease: others take it for dead`;
}

function unknownWorker(id: string): HoldfastError {
  return new HoldfastError(
    "WORKER_NOT_FOUND",
    `No live worker has the id ${JSON.stringify(id)}; holdfast workers list gives those there are.`,
    { details: { id } },
  );
}

function stillThere(ids: readonly string[], waitMs: number): HoldfastError {
  return new HoldfastError(
    "WAIT_TIMEOUT",
    `After ${formatSpan(waitMs)} these still drain: ${ids.join(", ")}. They go on; holdfast workers list shows how far they are.`,
    { details: { workers: ids } },
  );
}
