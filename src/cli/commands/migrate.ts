import type { Command } from "commander";
import type { Migration } from "../../storage/contract/schema.ts";
import type { Storage } from "../../storage/contract/storage.ts";
import { addDatabaseOptions, type DatabaseOptions, withDatabase } from "../database.ts";
import type { Terminal } from "../terminal.ts";

interface MigrateOptions extends DatabaseOptions {
  readonly plan?: boolean;
}

/** `holdfast migrate`: brings a database's schema up to date, or prints what that would run. */
export function addMigrate(program: Command, terminal: Terminal): void {
  addDatabaseOptions(program.command("migrate"))
    .description("bring the database's schema up to date")
    .option("--plan", "print the SQL of what is pending and change nothing")
    .action((options: MigrateOptions) =>
      options.plan === true
        ? withDatabase(options, terminal, "pretend-empty", (storage) => plan(storage, terminal))
        : withDatabase(options, terminal, "create", (storage) => migrate(storage, terminal)),
    );
}

async function migrate(storage: Storage, { out }: Terminal): Promise<void> {
  const applied = await storage.migrate();
  for (const migration of applied) out(`applied ${title(migration)}\n`);
  const { current } = await storage.schemaStatus();
  out(`The schema is up to date, at migration ${current}.\n`);
}

async function plan(storage: Storage, { out }: Terminal): Promise<void> {
  const { current, latest, pending } = await storage.schemaStatus();
  if (pending.length === 0) out(`-- Nothing is pending: the schema is at migration ${current}.\n`);
  for (const migration of pending) {
    out(`-- ${title(migration)} (of ${latest}), sha256 ${migration.checksum}\n`);
    out(`${migration.sql.trim()}\n\n`);
  }
}

function title({ id, name }: Migration): string {
  return `migration ${id}, ${name}`;
}
