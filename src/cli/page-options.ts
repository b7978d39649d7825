import type { Command } from "commander";
import { wrongUsage } from "./exit-codes.ts";
import type { Printer } from "./printer.ts";

/** Which page of a list. */
export interface PageOptions {
  readonly limit: string;
  readonly after?: string;
}

/** Adds the options that say which page of a list. */
export function addPage(command: Command): Command {
  return command
    .option("--limit <count>", "how many, 1 to 1000", "20")
    .option("--after <id>", "go on below this one, as the page before says");
}

/**
 * The page that options say.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function readPage({ limit, after }: PageOptions): {
  readonly limit: number;
  readonly after?: string;
} {
  if (!/^\d{1,4}$/.test(limit)) {
    throw wrongUsage(`--limit must be a whole number from 1 to 1000; got ${limit}.`);
  }
  return { limit: Number(limit), ...(after === undefined ? {} : { after }) };
}

/** Says how to see what the page has no room for. */
export function sayMore(print: Printer, next: string | null): void {
  if (next !== null) print.note(`there are more: --after ${next}`);
}
