import type { Command } from "commander";
import type { Client } from "../../core/client.ts";
import type { BulkAction, BulkRequest } from "../../core/operation.ts";
import { addBy, whoOf } from "../by-option.ts";
import { withClient } from "../command-context.ts";
import { wrongUsage } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { type BulkOptions, carryOut } from "./bulk.ts";
import {
  addFilterOptions,
  type FilterOptions,
  hasFilter,
  readFilterOptions,
} from "./filter-options.ts";

interface VerbOptions extends FilterOptions, BulkOptions {
  readonly all?: boolean;
  readonly by?: string;
  readonly why?: string;
  readonly to?: string;
}

/** A verb of the command line: what it does to one job, or to all of a filter. */
interface Verb {
  readonly command: string;
  readonly says: string;
  readonly action: BulkAction;
  /** What it needs besides the jobs: an option, and what it is of the request. */
  readonly needs?: {
    readonly option: string;
    readonly says: string;
    readonly is: "queue" | "priority";
  };
  one(client: Client, id: string, options: VerbOptions, by: string | undefined): Promise<string>;
}

const verbs: readonly Verb[] = [
  {
    command: "retry",
    says: "run cancelled and discarded jobs again, with a fresh budget of attempts",
    action: "retry",
    one: async (client, id, _options, by) => {
      await client.jobs.retry(id, byOf(by));
      return "retried";
    },
  },
  {
    command: "cancel",
    says: "cancel waiting jobs, and ask running ones to stop",
    action: "cancel",
    one: (client, id, { why }, by) =>
      client.jobs.cancel(id, { ...byOf(by), ...(why === undefined ? {} : { why }) }),
  },
  {
    command: "run-now",
    says: "make scheduled and retryable jobs available at once",
    action: "runNow",
    one: async (client, id, _options, by) => {
      await client.jobs.runNow(id, byOf(by));
      return "available";
    },
  },
  {
    command: "move",
    says: "move waiting jobs to another queue",
    action: "move",
    needs: { option: "--to <queue>", says: "the queue to move to", is: "queue" },
    one: async (client, id, { to = "" }, by) => {
      await client.jobs.update(id, { queue: to, ...byOf(by) });
      return "moved";
    },
  },
  {
    command: "reprioritize",
    says: "give waiting jobs another priority",
    action: "changePriority",
    needs: { option: "--to <priority>", says: "0 to 9, lower runs first", is: "priority" },
    one: async (client, id, { to }, by) => {
      await client.jobs.update(id, { priority: readPriority(to), ...byOf(by) });
      return "changed";
    },
  },
  {
    command: "delete",
    says: "remove jobs that are not running, for good",
    action: "delete",
    one: async (client, id, _options, by) => {
      await client.jobs.delete(id, byOf(by));
      return "deleted";
    },
  },
];

/** `holdfast jobs retry`, `cancel`, `run-now`, `move`, `reprioritize` and `delete`: of jobs by id, or of all that a filter finds. */
export function addVerbs(jobs: Command, terminal: Terminal): void {
  for (const verb of verbs) {
    const command = jobs
      .command(verb.command)
      .description(`${verb.says}: some by id, or all that match`);
    command.argument("[ids...]", "the jobs; without any, those that the options find");
    if (verb.needs !== undefined) command.requiredOption(verb.needs.option, verb.needs.says);
    if (verb.action === "cancel")
      command.option("--why <text>", "kept with the job and shown to its handler");
    addBy(addFilterOptions(command))
      .option("--all", "every job it can be done to")
      .option("--dry-run", "say how many jobs it is about, and show some")
      .option("--yes", "do it; without it a filter is only tried")
      .option("--no-wait", "start it and do not wait: a worker goes on with it")
      .action((ids: readonly string[], options: VerbOptions) =>
        withClient(command, terminal, async (context) => {
          const { by } = whoOf(options, terminal);
          if (ids.length > 0) {
            checkIds(ids, options);
            return onEach(verb, ids, options, { ...context, by });
          }
          await carryOut(
            requestOf(verb, options, by, context.client.clock.now()),
            options,
            context,
          );
        }),
      );
  }
}

/** All of them before anything is done to one. */
function checkIds(ids: readonly string[], options: VerbOptions): void {
  if (options.all === true || options.dryRun === true || hasFilter(options)) {
    throw wrongUsage("Name jobs by id, or by conditions, not both.");
  }
  const wrong = ids.find((id) => !/^[1-9]\d{0,18}$/.test(id));
  if (wrong === undefined) return;
  throw wrongUsage(
    `${JSON.stringify(wrong)} is no job's id, so nothing was done; see holdfast jobs list.`,
  );
}

interface EachParts {
  readonly client: Client;
  readonly print: { result(value: unknown, text: () => string): void };
  readonly by: string | undefined;
}

/** One after the other; the first that cannot be done ends it, and those before stay done. */
async function onEach(
  verb: Verb,
  ids: readonly string[],
  options: VerbOptions,
  { client, print, by }: EachParts,
): Promise<void> {
  const did: { readonly id: string; readonly answer: string }[] = [];
  try {
    for (const id of ids) did.push({ id, answer: await verb.one(client, id, options, by) });
  } finally {
    if (did.length > 0) {
      print.result(did, () => did.map(({ id, answer }) => `${answer} ${id}`).join("\n"));
    }
  }
}

function requestOf(
  { command, action, needs }: Verb,
  options: VerbOptions,
  by: string | undefined,
  now: number,
): BulkRequest {
  if (options.all !== true && !hasFilter(options)) {
    throw wrongUsage(
      `Say which jobs: their ids, conditions such as --state discarded, or --all. See holdfast jobs ${command} --help.`,
    );
  }
  const { why, to } = options;
  return {
    action,
    filter: readFilterOptions(options, now),
    ...byOf(by),
    ...(why === undefined ? {} : { why }),
    ...(needs?.is === "queue" && to !== undefined ? { queue: to } : {}),
    ...(needs?.is === "priority" ? { priority: readPriority(to) } : {}),
  };
}

function readPriority(text = ""): number {
  if (/^\d$/.test(text)) return Number(text);
  throw wrongUsage(`--to must be a priority from 0 to 9; got ${JSON.stringify(text)}.`);
}

function byOf(by: string | undefined): { readonly by?: string } {
  return by === undefined ? {} : { by };
}
