import { defaults } from "../../core/defaults.ts";
import type { AuditStore } from "../contract/audit.ts";
import { type AuditRow, auditEntryOf } from "../shared/operation-json.ts";
import type { Connection } from "./connection.ts";
import { idOf } from "./rows.ts";

/** Who did what. */
export function createAuditStore({ schema, read, write }: Connection): AuditStore {
  return {
    async writeAudit({ at, by, action, target, details }) {
      const expired = at - defaults.auditKeptMs;
      const params = [at, by, action, target, JSON.stringify(details), expired];
      await write(writeStatement(schema), params);
    },
    async listAudit({ by = null, action = null, target = null }, { limit, after, lookAtMost }) {
      const below = after === undefined ? null : idOf(after);
      const isWalk = by !== null || action !== null;
      const [end] = isWalk
        ? await read<{ readonly id: string }>(endStatement(schema), [target, below, lookAtMost])
        : [];
      const params = [by, action, target, below, end?.id ?? null, limit];
      const entries = (await read<AuditRow>(listStatement(schema), params)).map(auditEntryOf);
      return { entries, stoppedAt: entries.length < limit ? (end?.id ?? null) : null };
    },
  };
}

/** What a look at one target, or at all, from an id on goes by; the planner leaves out what is not asked for. */
const walk = (target: number, below: number) =>
  `($${target}::text IS NULL OR target = $${target}) AND ($${below}::bigint IS NULL OR id < $${below})`;

/** Index walked: the primary key from its end, or audit_target. */
function endStatement(schema: string): string {
  return `SELECT id::text FROM ${schema}.audit WHERE ${walk(1, 2)} ORDER BY audit.id DESC OFFSET $3::bigint - 1 LIMIT 1`;
}

/** Index walked: the primary key from its end, or audit_target, as far as the last entry to look at. */
function listStatement(schema: string): string {
  return `SELECT id::text, at::text, who, action, target, details::text FROM ${schema}.audit
    WHERE ($1::text IS NULL OR who = $1) AND ($2::text IS NULL OR action = $2) AND ${walk(3, 4)}
      AND ($5::bigint IS NULL OR id >= $5) ORDER BY audit.id DESC LIMIT $6`;
}

/** Index walked: the primary key from its front. Rows locked: the few removed; locked ones are skipped. */
function writeStatement(schema: string): string {
  return `WITH expired AS (
      DELETE FROM ${schema}.audit WHERE id = ANY (ARRAY(
        SELECT id FROM (SELECT id, at FROM ${schema}.audit ORDER BY id LIMIT 10 FOR UPDATE SKIP LOCKED) oldest
        WHERE at < $6))
    )
    INSERT INTO ${schema}.audit (at, who, action, target, details) VALUES ($1, $2, $3, $4, $5::text::json)`;
}
