import { useState } from "react";
import { Link } from "wouter";
import type { OperationRow } from "../../../../src/dashboard/wire/operations.ts";
import { ActionButton } from "../../components/action-button.tsx";
import { Card } from "../../components/card.tsx";
import { useText } from "../../text/text-context.tsx";
import { jobsLink } from "../jobs/jobs-link.ts";
import { BulkDialog } from "./bulk-dialog.tsx";
import { wayBack } from "./way-back.ts";

/** How an operation is taken back, or why it cannot be. */
export function BackCard({ operation }: { readonly operation: OperationRow }) {
  const { back } = useText().operations;
  const [open, setOpen] = useState(false);
  const way = wayBack(operation);
  if (way.kind !== "operation") {
    return (
      <Card title={back.title}>
        <p className="text-ink-soft">{way.kind === "nothing" ? back.nothing : back.none[way.of]}</p>
      </Card>
    );
  }
  return (
    <Card title={back.title}>
      <p className="mb-3 text-ink-soft">{back.retryText}</p>
      <div className="flex flex-wrap items-center gap-3">
        <ActionButton permission="jobs:retry" icon="undo" onClick={() => setOpen(true)}>
          {back.retry}
        </ActionButton>
        <Link href={jobsLink(way.target.q)} className="text-accent underline">
          {back.see}
        </Link>
      </div>
      {open && <BulkDialog target={way.target} onClose={() => setOpen(false)} />}
    </Card>
  );
}
