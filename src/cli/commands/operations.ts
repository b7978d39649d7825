import type { Command } from "commander";
import type { Operation } from "../../core/operation.ts";
import { HoldfastError } from "../../core/errors.ts";
import { addBy, whoOf, type ByOption } from "../by-option.ts";
import { withClient } from "../command-context.ts";
import { formatOperation, seeThrough } from "../jobs/bulk.ts";
import { addPage, type PageOptions, readPage, sayMore } from "../page-options.ts";
import type { Column } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { formatInstant } from "../time-text.ts";

const columns: readonly Column<Operation>[] = [
  { title: "OPERATION", cell: ({ id }) => id },
  { title: "ACTION", cell: ({ action }) => action },
  {
    title: "STATE",
    cell: ({ state }) => state,
    colour: ({ state }) => (state === "running" ? "cyan" : undefined),
  },
  { title: "MATCHED", cell: ({ matched, atLeast }) => (atLeast ? `${matched}+` : matched) },
  { title: "DONE", cell: ({ done }) => done },
  { title: "SKIPPED", cell: ({ skipped }) => skipped },
  {
    title: "FAILED",
    cell: ({ failed }) => failed,
    colour: ({ failed }) => (failed > 0 ? "red" : undefined),
  },
  { title: "STARTED", cell: ({ createdAt }) => formatInstant(createdAt) },
  { title: "BY", cell: ({ by }) => by },
];

/** `holdfast operations list`, `show`, `wait` and `cancel`: what is being done to many jobs. */
export function addOperations(program: Command, terminal: Terminal): void {
  const operations = program
    .command("operations")
    .description("look at what is done to many jobs, and stop it");
  addPage(operations.command("list"))
    .description("list the operations, newest first")
    .action((options: PageOptions, command: Command) =>
      withClient(command, terminal, async ({ client, print }) => {
        const page = await client.operations.list(readPage(options));
        print.result(page, () =>
          page.operations.length === 0 ? "No operations." : print.table(columns, page.operations),
        );
        sayMore(print, page.next);
      }),
    );
  operations
    .command("show")
    .description("show one operation and how far it is")
    .argument("<id>", "the operation")
    .action((id: string, _options: object, command: Command) =>
      withClient(command, terminal, async ({ client, print }) => {
        const operation = await client.operations.get(id);
        if (operation === undefined) throw notFound(id);
        print.result(operation, () => formatOperation(operation, print));
      }),
    );
  operations
    .command("wait")
    .description("show an operation's progress until it has ended; exit code 1 if some jobs failed")
    .argument("<id>", "the operation")
    .action((id: string, _options: object, command: Command) =>
      withClient(command, terminal, async (context) => {
        const operation = await context.client.operations.get(id);
        if (operation === undefined) throw notFound(id);
        await seeThrough(operation, context);
      }),
    );
  addBy(operations.command("cancel"))
    .description("stop an operation; what is done stays done")
    .argument("<id>", "the operation")
    .action((id: string, options: ByOption, command: Command) =>
      withClient(command, terminal, async ({ client, print }) => {
        const answer = await client.operations.cancel(id, whoOf(options, terminal));
        print.result({ id, answer }, () => `${answer} ${id}`);
      }),
    );
}

function notFound(id: string): HoldfastError {
  return new HoldfastError(
    "OPERATION_NOT_FOUND",
    `There is no operation ${id}: see holdfast operations list.`,
    { details: { id } },
  );
}
