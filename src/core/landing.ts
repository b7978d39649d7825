import { defaults } from "./defaults.ts";
import type { CancelRequest } from "./job.ts";
import { cancelReason } from "./lifecycle.ts";
import { jobColumns, type TransferRecord } from "./transfer-record.ts";

const dayMs = 86_400_000;

/**
 * What becomes of a record in the database it comes to. No worker there runs a job, so one that was running is given back, no attempt
 * spent, or is cancelled when that was asked for; nobody there was let in through a gate, so who has gates waits before the first.
 */
export function land(record: TransferRecord, now: number): TransferRecord {
  if (record.type !== "job") return record;
  const { fields } = record;
  if (fields["state"] === "running") {
    return typeof fields["cancel"] === "string"
      ? inState("cancelled", fields, endOf(fields["cancel"], now))
      : land(
          inState("available", fields, { attempt: Math.max(0, Number(fields["attempt"]) - 1) }),
          now,
        );
  }
  if (fields["state"] === "available" && typeof fields["gates"] === "string") {
    const [first] = JSON.parse(fields["gates"]) as readonly { readonly gate: string }[];
    return first === undefined ? record : inState("blocked", fields, { gate: first.gate });
  }
  return record;
}

function endOf(cancel: string, now: number): TransferRecord["fields"] {
  const { why, by } = JSON.parse(cancel) as CancelRequest;
  return {
    finished_at: now,
    bucket: Math.floor((now + defaults.deadKeptMs) / dayMs),
    reason: JSON.stringify(cancelReason(why, by)),
  };
}

/** The job in another state: of what was known, what is known there, and what is new. */
function inState(
  state: keyof typeof jobColumns,
  fields: TransferRecord["fields"],
  changes: TransferRecord["fields"],
): TransferRecord {
  const known = Object.keys(jobColumns[state]);
  const all = { ...fields, ...changes };
  const kept = known.map((column) => [column, all[column] ?? null] as const);
  return { type: "job", fields: { state, ...Object.fromEntries(kept) } };
}
