import { setField } from "../../../../src/dashboard/filter/change.ts";
import type { OperationRow } from "../../../../src/dashboard/wire/operations.ts";
import type { BulkTarget } from "./bulk-draft.ts";

/** What takes an operation back, as far as what is kept of it allows. */
export type WayBack =
  | { readonly kind: "operation"; readonly target: BulkTarget }
  /** Nothing was done. */
  | { readonly kind: "nothing" }
  | { readonly kind: "none"; readonly of: Exclude<OperationRow["action"], "cancel"> };

/** Conditions that held before jobs were cancelled, and do not afterwards. */
const past = ["state", "wait", "finished"];

/** The way back from an operation. Cancelled jobs are known by when they ended; what others did leaves nothing to find it by. */
export function wayBack({ action, q, done, createdAt }: OperationRow): WayBack {
  if (done === 0) return { kind: "nothing" };
  if (action !== "cancel") return { kind: "none", of: action };
  const rest = past.reduce((text, field) => setField(text, field, []), q);
  const since = new Date(createdAt).toISOString();
  const cancelled = `${rest} state:cancelled finished:>${since}`.trim();
  return { kind: "operation", target: { action: "retry", q: cancelled } };
}
