import type { AuditEntry } from "./audit-client.ts";

/** Characters of JSON: a thousand ids of jobs are fewer. */
const mostOfDetail = 16_000;

/** Details as the audit keeps them: those that are too long are left out, and `cut` has how many characters each of them had. */
export function keptDetails(details: AuditEntry["details"]): AuditEntry["details"] {
  const cut = Object.entries(details).flatMap(([name, value]) => {
    const { length } = JSON.stringify(value) ?? "";
    return length > mostOfDetail ? [[name, length] as const] : [];
  });
  if (cut.length === 0) return details;
  const lengths = Object.fromEntries(cut);
  const kept = Object.entries(details).filter(([name]) => !Object.hasOwn(lengths, name));
  return { ...Object.fromEntries(kept), cut: lengths };
}
