import type { Command } from "commander";
import { createClient } from "../../client/create-client.ts";
import type { Duration } from "../../core/duration.ts";
import { readQueueList } from "../../core/served-queues.ts";
import { createWorker, type Worker } from "../../runtime/worker.ts";
import type { WorkerOptions } from "../../runtime/worker-options.ts";
import type { HttpServer } from "../../http/serve-http.ts";
import { askedToEnd } from "../asked-to-end.ts";
import { clientSettings, type CommandContext, openContext } from "../command-context.ts";
import { declareSchedules } from "../declare-schedules.ts";
import { wrongUsage } from "../exit-codes.ts";
import type { LoadedJobs } from "../load-jobs.ts";
import { readNumber } from "../option-values.ts";
import { addHealthOptions, type HealthFlags, healthPlace, withHealth } from "../serve-health.ts";
import type { Terminal } from "../terminal.ts";

interface WorkOptions extends HealthFlags {
  readonly queues?: string;
  readonly concurrency?: number;
  readonly drain?: string;
  readonly migrate: boolean;
}

/** `holdfast work`: a worker for every handler that modules export, until the process is asked to end. */
export function addWork(program: Command, terminal: Terminal): void {
  const command = program
    .command("work")
    .description("run a worker with every handler that modules export, until SIGTERM or Ctrl-C")
    .argument("[modules...]", "files or globs (default: the configuration's jobs)")
    .option(
      "--queues <list>",
      "the queues to serve, such as emails-*=20,default (default: $HOLDFAST_QUEUES, the handlers')",
    )
    .option("--concurrency <count>", "jobs at once over all queues (default: 50)", readNumber)
    .option(
      "--drain <duration>",
      "how long running jobs may go on when it is to end (default: 30s)",
    )
    .option("--no-migrate", "leave the schema as it is, and refuse one that is out of date")
    .addHelpText("after", help);
  addHealthOptions(command).action(
    async (modules: readonly string[], options: WorkOptions, called: Command) => {
      const context = await openContext(called, terminal);
      const { handlers } = (await context.jobs(modules)) ?? none();
      if (handlers.size === 0) {
        throw wrongUsage(
          "No handler is exported: export what definition.handler(...) gives, by any name.",
        );
      }
      const place = healthPlace(options, terminal.env);
      const storage = await context.database().open(options.migrate ? "create" : "refuse");
      try {
        const settings = clientSettings(context.config, terminal, "info");
        const client = await createClient({ storage, migrate: options.migrate, ...settings });
        try {
          await declareSchedules(client, context.config, context.print);
          const worker = createWorker(client, workerOptions(context, handlers, options));
          await withHealth({ client, worker, place }, (health) =>
            work({ worker, handlers, health }, context),
          );
        } finally {
          await client.close();
        }
      } finally {
        await storage.close();
      }
    },
  );
}

const help = `
It ends with exit code 0 once it was asked to, by a signal or by holdfast workers drain, and its jobs have finished or
were given back. A second signal kills it, and its jobs are rescued after the lease. A main loop that stands still ends it with 70.`;

function none(): never {
  throw wrongUsage("Name a module that exports handlers, or jobs in holdfast.config.ts.");
}

/** The environment says which queues this process serves, so it comes before the configuration, which all have in common. */
function workerOptions(
  { config, terminal }: CommandContext,
  handlers: LoadedJobs["handlers"],
  { queues, concurrency, drain }: WorkOptions,
): WorkerOptions<unknown> {
  const [list, called] =
    queues === undefined
      ? [terminal.env["HOLDFAST_QUEUES"]?.trim() || undefined, "HOLDFAST_QUEUES"]
      : [queues, "--queues"];
  return {
    ...config.worker,
    handlers: [...handlers.values()],
    ...(list === undefined ? {} : { queues: readQueueList(list, called) }),
    ...(concurrency === undefined ? {} : { concurrency }),
    // It is read as any text is.
    ...(drain === undefined ? {} : { drain: drain as Duration }),
  };
}

/** What works, and what tells how it is. */
interface Working {
  readonly worker: Worker;
  readonly handlers: LoadedJobs["handlers"];
  readonly health: HttpServer | undefined;
}

async function work(
  { worker, handlers, health }: Working,
  { terminal, print, database }: CommandContext,
): Promise<void> {
  const asked = askedToEnd(terminal);
  await worker.start();
  const names = [...handlers.keys()].sort();
  print.result(
    {
      worker: worker.id,
      handlers: names,
      pid: process.pid,
      ...(health === undefined ? {} : { health: health.url }),
    },
    () =>
      `worker ${worker.id} runs ${names.join(", ")} of ${database().label}${health === undefined ? "" : `, health at ${health.url}`}`,
  );
  const drained = worker.stopped.then(({ by }) => `drained${by === null ? "" : ` by ${by}`}`);
  const end = await Promise.race([asked, drained]);
  const isSignal = end === "SIGTERM" || end === "SIGINT";
  print.note(isSignal ? `${end}: no new jobs; waiting for those that run.` : `${end}: the end.`);
  await worker.stop();
}
