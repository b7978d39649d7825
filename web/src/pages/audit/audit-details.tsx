import { useState } from "react";
import { printFilter } from "../../../../src/dashboard/filter/print.ts";
import { JsonTree } from "../../components/json-tree.tsx";
import { useText } from "../../text/text-context.tsx";

interface AuditDetailsProps {
  readonly details: Readonly<Record<string, unknown>>;
}

/** As much as is read at a glance. */
const glance = 90;

/** What else was said: its beginning, and all of it when it is opened. */
export function AuditDetails({ details }: AuditDetailsProps) {
  const { audit } = useText();
  const [open, setOpen] = useState(false);
  const entries = Object.entries(details);
  if (entries.length === 0) return <span className="text-ink-soft">–</span>;
  const said = entries.map(([name, value]) => `${name}: ${textOf(name, value)}`).join(", ");
  if (said.length <= glance) return <bdi className="break-words">{said}</bdi>;
  return (
    <details className="min-w-0" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="break-words">
        <bdi>{`${said.slice(0, glance)}…`}</bdi>
      </summary>
      {open && (
        <div className="mt-1 text-start">
          <JsonTree text={JSON.stringify(details)} label={audit.details} />
        </div>
      )}
    </details>
  );
}

function textOf(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  // Of a bulk operation: people know filters as they write them.
  const isFilter = name === "filter" && typeof value === "object" && value !== null;
  return isFilter ? printFilter(value) || "{}" : JSON.stringify(value);
}
