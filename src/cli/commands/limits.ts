import type { Command } from "commander";
import { limitOf, updateLimit } from "../../client/limits.ts";
import { kindOf } from "../../core/check-options.ts";
import { HoldfastError } from "../../core/errors.ts";
import type { Limit, LimitChange } from "../../core/limits-client.ts";
import type { RateText } from "../../core/rate.ts";
import { addDatabaseOptions, type DatabaseOptions, withDatabase } from "../database.ts";
import { formatTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

interface ListOptions extends DatabaseOptions {
  readonly json?: boolean;
}

interface SetOptions extends DatabaseOptions {
  readonly concurrent?: string;
  readonly rate?: string;
}

/** `holdfast limits list` and `holdfast limits set`: the limits with their use, and changing one. */
export function addLimits(program: Command, terminal: Terminal): void {
  const limits = program.command("limits").description("look at limits and change them");
  addDatabaseOptions(limits.command("list"))
    .description("list the limits, what is let in by them and what waits for them")
    .option("--json", "print one JSON array")
    .action((options: ListOptions) =>
      withDatabase(options, terminal, "refuse", async (storage) => {
        const found = (await storage.listScopes()).map(limitOf);
        terminal.out(options.json === true ? `${JSON.stringify(found)}\n` : format(found));
      }),
    );
  addDatabaseOptions(limits.command("set"))
    .description("change a limit from now on; later deploys do not change it back")
    .argument("<name>", "the limit")
    .option("--concurrent <count>", "jobs let in at once, or none")
    .option("--rate <rate>", "such as 100/1m, or none")
    .action((name: string, options: SetOptions) =>
      withDatabase(options, terminal, "refuse", async (storage) => {
        const now = await storage.serverTime();
        await updateLimit(storage, "holdfast limits set", {
          scope: name,
          to: readChange(options),
          now,
        });
        terminal.out(`changed ${name}\n`);
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
  throw new HoldfastError(
    "INVALID_OPTION",
    `--concurrent must be a whole number of at least 1, or none; got ${kindOf(text)}.`,
  );
}

function format(limits: readonly Limit[]): string {
  if (limits.length === 0) return "No limits.\n";
  const rows = limits.map(({ scope, concurrent, rate, held, waiting, edited }) => [
    scope,
    concurrent === null ? "any" : String(concurrent),
    rate ?? "any",
    String(held),
    String(waiting),
    edited ? "by hand" : "in code",
  ]);
  return `${formatTable(["LIMIT", "CONCURRENT", "RATE", "HELD", "WAITING", "SET"], rows)}\n`;
}
