import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "../../core/client.ts";
import type { BulkRequest, Operation } from "../../core/operation.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandEnd, exitCodes } from "../exit-codes.ts";
import type { Printer } from "../printer.ts";
import { jobColumns } from "./looks.ts";

/** How far to go. */
export interface BulkOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  /** False when nobody waits for the end. */
  readonly wait?: boolean;
}

type Context = Pick<CommandContext, "print" | "progress" | "terminal"> & {
  readonly client: Client;
};

const lookMs = 100;

/** Tries an operation, and carries it out when told to. */
export async function carryOut(
  request: BulkRequest,
  options: BulkOptions,
  context: Context,
): Promise<void> {
  if (options.dryRun === true || options.yes !== true) return tryOut(request, options, context);
  const { client, print } = context;
  const started = await client.operations.start(request);
  if (options.wait === false) {
    print.result(started, () => `started operation ${started.id} on ${jobsOf(started)}`);
    return;
  }
  print.note(`operation ${started.id} has begun on ${jobsOf(started)}; Ctrl-C stops it.`);
  const by = request.by === undefined ? {} : { by: request.by };
  const listening = context.terminal.onSignal(() => {
    listening();
    // A second signal ends the command as it would any; the operation has been told by then.
    void client.operations.cancel(started.id, by).catch(() => {});
  });
  try {
    await seeThrough(started, context);
  } finally {
    listening();
  }
}

/** Shows an operation's progress to its end, and says how it ended. */
export async function seeThrough(started: Operation, context: Context): Promise<void> {
  const operation = await watch(started, context);
  context.print.result(operation, () => summary(operation));
  const { failed, state } = operation;
  if (state === "cancelled" || failed > 0 || unvisited(operation) > 0) throw new CommandEnd();
}

/** How many it is about, as far as they are counted. */
function jobsOf({ matched, atLeast }: Operation): string {
  const jobs = matched === 1 ? "1 job" : `${matched} jobs`;
  return atLeast ? `at least ${jobs}` : jobs;
}

/** Jobs that matched when it began, and no longer did when it came to where they were. */
function unvisited({ matched, done, skipped, failed }: Operation): number {
  return Math.max(0, matched - done - skipped - failed);
}

/** A filter that was not confirmed ends as wrong usage, so that no script takes it for done. */
async function tryOut(
  request: BulkRequest,
  { dryRun }: BulkOptions,
  { client, print }: Context,
): Promise<void> {
  const preview = await client.operations.preview(request);
  print.result(preview, () => {
    const line = preview.matched === 1 ? "1 job matches." : `${preview.matched} jobs match.`;
    return preview.matched === 0 ? line : `${line}\n\n${print.table(jobColumns, preview.sample)}`;
  });
  if (dryRun === true) return;
  print.note(`nothing was done; add --yes to ${request.action} them, or --dry-run to only look.`);
  throw new CommandEnd(exitCodes.usage);
}

async function watch(started: Operation, { client, progress }: Context): Promise<Operation> {
  const bar = progress("jobs");
  const ended = client.operations.wait(started.id, { timeout: "52w" });
  let isOver = false;
  void ended.finally(() => (isOver = true)).catch(() => {});
  try {
    while (!isOver) {
      await Promise.race([ended, sleep(lookMs)]);
      const now = isOver ? undefined : await client.operations.get(started.id);
      if (now !== undefined) bar.update(now.done + now.skipped + now.failed, now.matched);
    }
    return await ended;
  } finally {
    bar.end();
  }
}

/** How an operation stands, in a line. */
export function summary(operation: Operation): string {
  const { id, action, state, matched, atLeast, done, skipped, failed, error } = operation;
  const counts = `${done} of ${atLeast ? "at least " : ""}${matched} done, ${skipped} skipped, ${failed} failed`;
  const gone = state === "completed" ? unvisited(operation) : 0;
  const missed = gone === 0 ? "" : `, ${gone} no longer matched`;
  return `operation ${id} (${action}) ${state}: ${counts}${missed}${error === null ? "" : `; ${error}`}`;
}

/** Everything of an operation. */
export function formatOperation(operation: Operation, print: Printer): string {
  const { filter, why, queue, priority, by, createdAt, finishedAt, ...others } = operation;
  return print.fields([
    ["operation", others.id],
    ["action", others.action],
    ["state", others.state],
    ["filter", JSON.stringify(filter)],
    ["why", why],
    ["queue", queue],
    ["priority", priority],
    ["by", by],
    ["matched", `${others.atLeast ? "at least " : ""}${others.matched}`],
    ["done", others.done],
    ["skipped", others.skipped],
    ["failed", others.failed],
    ["error", others.error],
    ["started", new Date(createdAt).toISOString()],
    ["ended", finishedAt === null ? null : new Date(finishedAt).toISOString()],
  ]);
}
