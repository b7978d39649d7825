import type { Command } from "commander";
import type { Migration } from "../../storage/contract/schema.ts";
import type { Storage } from "../../storage/contract/storage.ts";
import { openContext } from "../command-context.ts";
import type { Printer } from "../printer.ts";
import type { Terminal } from "../terminal.ts";

/** `holdfast migrate`: brings a database's schema up to date, or prints what that would run. */
export function addMigrate(program: Command, terminal: Terminal): void {
  program
    .command("migrate")
    .description("bring the database's schema up to date")
    .option("--plan", "print the SQL of what is pending and change nothing")
    .action(async (options: { readonly plan?: boolean }, command: Command) => {
      const { print, onStorage } = await openContext(command, terminal);
      if (options.plan === true) {
        await onStorage("pretend-empty", (storage) => plan(storage, print));
      } else {
        await onStorage("create", (storage) => migrate(storage, print));
      }
    });
}

async function migrate(storage: Storage, print: Printer): Promise<void> {
  const applied = await storage.migrate();
  const { current } = await storage.schemaStatus();
  const named = applied.map(({ id, name }) => ({ id, name }));
  print.result({ current, applied: named }, () =>
    [
      ...applied.map((migration) => `applied ${title(migration)}`),
      `The schema is up to date, at migration ${current}.`,
    ].join("\n"),
  );
}

async function plan(storage: Storage, print: Printer): Promise<void> {
  const status = await storage.schemaStatus();
  const { current, latest, pending } = status;
  print.result(status, () =>
    pending.length === 0
      ? `-- Nothing is pending: the schema is at migration ${current}.`
      : pending
          .map(
            (migration) =>
              `-- ${title(migration)} (of ${latest}), sha256 ${migration.checksum}\n${migration.sql.trim()}\n`,
          )
          .join("\n"),
  );
}

function title({ id, name }: Pick<Migration, "id" | "name">): string {
  return `migration ${id}, ${name}`;
}
