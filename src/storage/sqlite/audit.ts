import type { AuditEntry } from "../../core/audit-client.ts";
import { defaults } from "../../core/defaults.ts";
import type { AuditStore } from "../contract/audit.ts";
import { type AuditRow, auditEntryOf } from "../shared/operation-json.ts";
import type { Connection } from "./connection.ts";
import { noteInAudit } from "./engine/audit-note.ts";
import type { Session } from "./engine/session.ts";
import { idOf } from "./rows.ts";

/** Who did what. */
export function createAuditStore(connection: Connection): AuditStore {
  return {
    writeAudit: (entry) => connection.write((session) => write(session, entry)),
    async listAudit({ by = null, action = null, target = null }, limit, after) {
      const below = after === undefined ? Number.MAX_SAFE_INTEGER : idOf(after);
      const rows = await connection.read((session) =>
        session.all<AuditRow>(list, { by, action, target, limit, below }),
      );
      return rows.map(auditEntryOf);
    },
  };
}

function write(session: Session, { details, ...entry }: Omit<AuditEntry, "id">): void {
  session.run(removeOld, entry.at - defaults.auditKeptMs);
  noteInAudit(session, { ...entry, details: JSON.stringify(details) });
}

/** Index: the primary key from its front. Locks: the one writer of the file. */
const removeOld = `
  DELETE FROM holdfast_audit WHERE id IN (
    SELECT id FROM (SELECT id, at FROM holdfast_audit ORDER BY id LIMIT 10) WHERE at < ?)`;

/** Index: the primary key from its end. Locks: none. */
const list = `
  SELECT id, at, who, action, target, details FROM holdfast_audit
  WHERE id < $below AND ($by IS NULL OR who = $by) AND ($action IS NULL OR action = $action)
    AND ($target IS NULL OR target = $target)
  ORDER BY id DESC LIMIT $limit`;
