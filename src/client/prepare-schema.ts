import { HoldfastError } from "../core/errors.ts";
import type { SchemaStore } from "../storage/contract/schema.ts";

/**
 * Brings the schema up to date, or makes sure that it is.
 *
 * @throws {HoldfastError} `SCHEMA_OUT_OF_DATE`, `SCHEMA_TOO_NEW`, `SCHEMA_CHANGED`, `STORAGE_*`.
 */
export async function prepareSchema(storage: SchemaStore, migrate: boolean): Promise<void> {
  if (migrate) {
    await storage.migrate();
    return;
  }
  const { current, latest, pending } = await storage.schemaStatus();
  if (pending.length === 0) return;
  throw new HoldfastError(
    "SCHEMA_OUT_OF_DATE",
    `The database's schema is at migration ${current} of ${latest}: run "npx holdfast migrate", or pass migrate: true.`,
    { details: { current, latest } },
  );
}
