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
    async listAudit({ by, action, target }, limit, after) {
      const params = [by ?? null, action ?? null, target ?? null, limit];
      const below = after === undefined ? "" : "AND id < $5";
      const rows = await read<AuditRow>(
        `SELECT id::text, at::text, who, action, target, details::text FROM ${schema}.audit
         WHERE ($1::text IS NULL OR who = $1) AND ($2::text IS NULL OR action = $2)
           AND ($3::text IS NULL OR target = $3) ${below} ORDER BY audit.id DESC LIMIT $4`,
        after === undefined ? params : [...params, idOf(after)],
      );
      return rows.map(auditEntryOf);
    },
  };
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
