import { type FormEvent, useState } from "react";
import type { Counted } from "../../../../src/dashboard/wire/jobs.ts";
import { type BulkTarget, bulkBody, bulkFault, emptyDraft, hasGrace } from "./bulk-draft.ts";
import { useStartOperation } from "./use-start-operation.ts";

/** What is written in the dialog, and how it becomes an operation: after some seconds of grace where much would be lost. */
export function useBulkForm(target: BulkTarget, matched: Counted, onClose: () => void) {
  const [draft, setDraft] = useState(emptyDraft);
  const [tried, setTried] = useState(false);
  const [waiting, setWaiting] = useState(false);
  const { start, pending } = useStartOperation(onClose);
  const fault = bulkFault(target, draft, matched);
  const begin = () => {
    setWaiting(false);
    void start(bulkBody(target, draft));
  };
  const submit = (event: FormEvent, isEarly: boolean) => {
    event.preventDefault();
    setTried(true);
    if (isEarly || fault !== undefined) return;
    if (hasGrace(target.action)) setWaiting(true);
    else begin();
  };
  const undo = () => setWaiting(false);
  const shownFault = tried ? fault : undefined;
  return { draft, setDraft, fault: shownFault, waiting, undo, begin, submit, pending };
}
