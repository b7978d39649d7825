import type { AuditEntry } from "../../../core/audit-client.ts";
import type { Session } from "./session.ts";

/** An entry whose details are JSON text. */
export interface AuditNote extends Pick<AuditEntry, "at" | "by" | "action" | "target"> {
  readonly details: string;
}

/** Writes an entry of the audit in the transaction under way. */
export function noteInAudit(session: Session, note: AuditNote): void {
  const { at, by, action, target, details } = note;
  session.run(
    "INSERT INTO holdfast_audit (at, who, action, target, details) VALUES (?, ?, ?, ?, ?)",
    at,
    by,
    action,
    target,
    details,
  );
}
