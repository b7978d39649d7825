import type { Command } from "commander";
import { kindOf } from "../../core/check-options.ts";
import type { Limit, LimitChange } from "../../core/limits-client.ts";
import type { RateText } from "../../core/rate.ts";
import { addBy, whoOf, type ByOption } from "../by-option.ts";
import { withClient } from "../command-context.ts";
import { wrongUsage } from "../exit-codes.ts";
import type { Column } from "../table.ts";
import type { Terminal } from "../terminal.ts";

interface SetOptions extends ByOption {
  readonly concurrent?: string;
  readonly rate?: string;
}

const columns: readonly Column<Limit>[] = [
  { title: "LIMIT", cell: ({ scope }) => scope },
  { title: "CONCURRENT", cell: ({ concurrent }) => concurrent ?? "any" },
  { title: "RATE", cell: ({ rate }) => rate ?? "any" },
  { title: "HELD", cell: ({ held }) => held },
  {
    title: "WAITING",
    cell: ({ waiting }) => waiting,
    colour: ({ waiting }) => (waiting > 0 ? "yellow" : undefined),
  },
  { title: "SET", cell: ({ edited }) => (edited ? "by hand" : "in code") },
];

/** `holdfast limits list` and `holdfast limits set`: the limits with their use, and changing one. */
export function addLimits(program: Command, terminal: Terminal): void {
  const limits = program.command("limits").description("look at limits and change them");
  limits
    .command("list")
    .description("list the limits, what is let in by them and what waits for them")
    .action((_options: object, command: Command) =>
      withClient(command, terminal, async ({ client, print }) => {
        const found = await client.limits.list();
        print.result(found, () =>
          found.length === 0 ? "No limits." : print.table(columns, found),
        );
      }),
    );
  addBy(limits.command("set"))
    .description("change a limit from now on; later deploys do not change it back")
    .argument("<name>", "the limit")
    .option("--concurrent <count>", "jobs let in at once, or none")
    .option("--rate <rate>", "such as 100/1m, or none")
    .action((name: string, options: SetOptions, command: Command) =>
      withClient(command, terminal, async ({ client, print }) => {
        await client.limits.update(name, { ...readChange(options), ...whoOf(options, terminal) });
        print.result({ changed: name }, () => `changed ${name}`);
      }),
    );
}

function readChange({ concurrent, rate }: SetOptions): LimitChange {
  return {
    ...(concurrent === undefined ? {} : { concurrent: readCount(concurrent) }),
    // It is read as any text is.
    ...(rate === undefined ? {} : { rate: rate === "none" ? null : (rate as RateText) }),
  };
}

function readCount(text: string): number | null {
  if (text === "none") return null;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw wrongUsage(
    `--concurrent must be a whole number of at least 1, or none; got ${kindOf(text)}.`,
  );
}
