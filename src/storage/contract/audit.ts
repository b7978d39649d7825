import type { AuditEntry, AuditFilter } from "../../core/audit-client.ts";

/** How far a look at the audit goes. */
export interface AuditBounds {
  readonly limit: number;
  /** Only ids below this. */
  readonly after?: string | undefined;
  /** How many of the newest entries, of one target when it is asked for, are looked at. */
  readonly lookAtMost: number;
}

/** What was found in the audit. */
export interface FoundEntries {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  /** The id of the last entry looked at when there may be more and fewer than `limit` were found. */
  readonly stoppedAt: string | null;
}

/** Who did what. */
export interface AuditStore {
  /** Writes an entry down, and removes some that are older than the audit is kept. */
  writeAudit(entry: Omit<AuditEntry, "id">): Promise<void>;
  listAudit(filter: AuditFilter, bounds: AuditBounds): Promise<FoundEntries>;
}
