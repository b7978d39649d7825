import type { Attempt } from "../../core/attempt.ts";
import type { Settlement } from "../../core/settlement.ts";

/**
 * The one attempt of a success on the first try: its job's row says all there is to say about it but its times, so only
 * those are written. `undefined` for every other settlement. Nearly every settlement has one.
 */
export function plainSuccess({ to, lease, attempt, attempts }: Settlement): Attempt | undefined {
  const [only] = attempts;
  const plain =
    to === "completed" &&
    attempts.length === 1 &&
    only?.how === "completed" &&
    only.error === undefined &&
    only.number === attempt &&
    only.run === lease.run &&
    only.worker === lease.owner;
  return plain ? only : undefined;
}
