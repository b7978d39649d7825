import { useSearchParams } from "wouter";

const names = ["by", "action", "target"] as const;

/** Which entries are shown; empty for any. */
export type AuditFilterValues = Readonly<Record<(typeof names)[number], string>>;

/** The filter of the audit, kept in the page's address. */
export function useAuditFilter() {
  const [query, setQuery] = useSearchParams();
  const filter: AuditFilterValues = {
    by: query.get("by") ?? "",
    action: query.get("action") ?? "",
    target: query.get("target") ?? "",
  };
  const change = (to: AuditFilterValues) =>
    setQuery(
      Object.fromEntries(names.filter((name) => to[name] !== "").map((name) => [name, to[name]])),
    );
  return { filter, change };
}
