import type { AuditEntry } from "../../core/audit-client.ts";
import type { MaintenancePass } from "../../core/workers-client.ts";
import type { Finding } from "../../core/finding.ts";

/** `GET api/health`. */
export interface HealthAnswer {
  readonly findings: readonly Finding[];
  readonly passes: readonly MaintenancePass[];
  readonly database: "postgres" | "sqlite";
  /** Facts to show, in the order they are to stand: a word of the page's catalogue, and a value. */
  readonly facts: readonly { readonly name: string; readonly value: string | number }[];
  readonly now: number;
}

/** `GET api/audit?after=&limit=`. */
export interface AuditAnswer {
  readonly entries: readonly AuditEntry[];
  readonly next: string | null;
}
