import type { FactName } from "../health/fact-names.ts";
import type { AuditEntry } from "../../core/audit-client.ts";
import type { MaintenancePass } from "../../core/workers-client.ts";
import type { Finding } from "../../core/finding.ts";

/** `GET api/health`. */
export interface HealthAnswer {
  readonly findings: readonly HealthFinding[];
  readonly passes: readonly MaintenancePass[];
  readonly database: "postgres" | "sqlite";
  /** What is known of the database, in the order it is to stand. */
  readonly facts: readonly DatabaseFact[];
  readonly now: number;
}

/** A finding of the doctor, in English, and what it is made of for other languages. */
export interface HealthFinding
  extends Pick<Finding, "code" | "check" | "level" | "title" | "detail" | "fix"> {
  /** `null` when they are hidden from this reader. */
  readonly facts: Finding["facts"] | null;
}

/** Something known of the database; the name is a word of the page's catalogue. */
export interface DatabaseFact {
  readonly name: FactName;
  readonly value: string | number;
}

/** `GET api/audit?after=&limit=`. */
export interface AuditAnswer {
  readonly entries: readonly AuditEntry[];
  readonly next: string | null;
}
