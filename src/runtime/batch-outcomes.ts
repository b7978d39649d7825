import { checkCoverage, outcomesMismatch } from "../core/batch-coverage.ts";
import { kindOf } from "../core/check-options.ts";
import { type BatchMember, MadeOutcome } from "./batch-member.ts";

/**
 * The outcomes of a batch, or of a part of it, as its function handed them back; nothing completes every item, unless outcomes
 * were made and forgotten.
 *
 * @throws {HoldfastError} `BATCH_OUTCOMES_MISMATCH` unless each item is covered exactly once.
 */
export function readOutcomes(
  members: readonly BatchMember[],
  returned: unknown,
  made: boolean,
): readonly MadeOutcome[] {
  if (returned === undefined) {
    if (made) throw outcomesMismatch("nothing handed back, although outcomes were made");
    return members.map(
      (member) => new MadeOutcome(member, { kind: "completed", value: undefined }),
    );
  }
  if (!Array.isArray(returned)) throw outcomesMismatch(`${kindOf(returned)} instead of an array`);
  const own = new Set(members);
  const outcomes: MadeOutcome[] = [];
  const ids: string[] = [];
  for (const outcome of returned as readonly unknown[]) {
    const known = outcome instanceof MadeOutcome && own.has(outcome.member);
    if (known) outcomes.push(outcome);
    ids.push(known ? outcome.id : nameOf(outcome));
  }
  checkCoverage(
    members.map(({ id }) => id),
    ids,
  );
  return outcomes;
}

/** An outcome of another batch may have the id of a job of this one. */
function nameOf(outcome: unknown): string {
  return outcome instanceof MadeOutcome ? `${outcome.id} of another batch` : kindOf(outcome);
}
