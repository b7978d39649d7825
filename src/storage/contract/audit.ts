import type { AuditEntry, AuditFilter } from "../../core/audit-client.ts";

/** Who did what. */
export interface AuditStore {
  /** Writes an entry down, and removes some that are older than the audit is kept. */
  writeAudit(entry: Omit<AuditEntry, "id">): Promise<void>;
  /** Newest first, ids below `after` when given. */
  listAudit(filter: AuditFilter, limit: number, after?: string): Promise<readonly AuditEntry[]>;
}
