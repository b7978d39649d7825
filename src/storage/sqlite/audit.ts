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
    async listAudit({ by = null, action = null, target = null }, { limit, after, lookAtMost }) {
      const below = after === undefined ? Number.MAX_SAFE_INTEGER : idOf(after);
      const isWalk = by !== null || action !== null;
      return connection.read((session) => {
        const place = target === null ? { below } : { below, target };
        const end = isWalk
          ? session.get<IdRow>(endOf(target), { ...place, from: lookAtMost - 1 })?.id
          : undefined;
        const asked = { ...place, by, action, end: end ?? 0, limit };
        const entries = session.all<AuditRow>(listOf(target), asked).map(auditEntryOf);
        const isShort = entries.length < limit && end !== undefined;
        return { entries, stoppedAt: isShort ? String(end) : null };
      });
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

interface IdRow {
  readonly id: number;
}

const walk = (target: string | null) =>
  `id < $below ${target === null ? "" : "AND target = $target"}`;

/** Index: the primary key from its end, or holdfast_audit_target. Locks: none. */
function endOf(target: string | null): string {
  return `SELECT id FROM holdfast_audit WHERE ${walk(target)} ORDER BY id DESC LIMIT 1 OFFSET $from`;
}

/** Index: the primary key from its end, or holdfast_audit_target, as far as the last entry to look at. Locks: none. */
function listOf(target: string | null): string {
  return `
    SELECT id, at, who, action, target, details FROM holdfast_audit
    WHERE ${walk(target)} AND id >= $end AND ($by IS NULL OR who = $by) AND ($action IS NULL OR action = $action)
    ORDER BY id DESC LIMIT $limit`;
}
