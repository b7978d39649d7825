import { createHash } from "node:crypto";
import { HoldfastError } from "../../core/errors.ts";
import type { Migration, SchemaStatus } from "../contract/schema.ts";

/** A row of the migration table. */
export interface AppliedMigration {
  readonly id: number;
  readonly name: string;
  readonly checksum: string;
  /** The newest migration that code must know to run on this schema. */
  readonly minCode: number;
}

/** A step as it is written down: everything but the row that records it. */
export interface MigrationStep {
  readonly id: number;
  readonly name: string;
  /** The newest migration that code must know to run on the schema after this step. */
  readonly minCode: number;
  readonly sql: string;
}

/**
 * Completes a step with its checksum and the statement that records it, which the driver writes.
 * The checksum covers the step as written down: the recording statement contains it and so cannot be part of it.
 */
export function sealMigration(
  step: MigrationStep,
  record: (applied: AppliedMigration) => string,
): Migration {
  const { id, name, minCode } = step;
  const checksum = createHash("sha256").update(step.sql).digest("hex");
  return { id, name, checksum, sql: `${step.sql}\n${record({ id, name, checksum, minCode })}\n` };
}

/**
 * Judges what was applied against what this code has.
 *
 * @throws {HoldfastError} `SCHEMA_TOO_NEW`, `SCHEMA_CHANGED`.
 */
export function judgeSchema(
  applied: readonly AppliedMigration[],
  known: readonly Migration[],
): SchemaStatus {
  const latest = maxOf(known.map((migration) => migration.id));
  const current = maxOf(applied.map((migration) => migration.id));
  const needed = maxOf(applied.map((migration) => migration.minCode));
  if (needed > latest) {
    throw new HoldfastError(
      "SCHEMA_TOO_NEW",
      `The database's schema is at migration ${current} and needs code that knows migration ${needed}; this version of Holdfast knows ${latest}. Upgrade holdfast.`,
      { details: { current, needed, latest } },
    );
  }
  for (const migration of known) refuseChanged(migration, applied);
  const pending = known.filter((migration) => applied.every(({ id }) => id !== migration.id));
  return { current, latest, pending };
}

/**
 * Refuses to take down what newer code has built on.
 *
 * @throws {HoldfastError} `SCHEMA_TOO_NEW`.
 */
export function refuseUnknownSteps({ current, latest }: SchemaStatus): void {
  if (current <= latest) return;
  throw new HoldfastError(
    "SCHEMA_TOO_NEW",
    `The database's schema is at migration ${current}, and this version of Holdfast knows ${latest}: it cannot remove what it does not know. Use the version that migrated it.`,
    { details: { current, latest } },
  );
}

function refuseChanged(migration: Migration, applied: readonly AppliedMigration[]): void {
  const there = applied.find(({ id }) => id === migration.id);
  if (there === undefined || there.checksum === migration.checksum) return;
  throw new HoldfastError(
    "SCHEMA_CHANGED",
    `Migration ${migration.id} (${migration.name}) was applied to this database with another content. Restore the released version of holdfast or of your copy of the migration; applied steps are never edited.`,
    { details: { id: migration.id, applied: there.checksum, known: migration.checksum } },
  );
}

function maxOf(ids: readonly number[]): number {
  return Math.max(0, ...ids);
}
