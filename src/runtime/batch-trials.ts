import { setImmediate as turn } from "node:timers/promises";
import type { BisectOptions, JobBatch } from "../core/batch.ts";
import { afterProbe, beginBisection, type ItemRange, nextProbe, sizeOf } from "../core/bisect.ts";
import { checkOptions, isTransactionLike, kindOf, rule } from "../core/check-options.ts";
import { HoldfastError } from "../core/errors.ts";
import { asCurrentJob } from "../service/job-scope.ts";
import type { SavepointAnswer, TransactStore } from "../storage/contract/transact.ts";
import type { Abort } from "./abort.ts";
import { type BatchMember, MadeOutcome, type OutcomeTally } from "./batch-member.ts";
import { readOutcomes } from "./batch-outcomes.ts";

/** What trying out items in savepoints takes. */
export interface TrialParts {
  readonly members: readonly BatchMember[];
  readonly savepoint: TransactStore["savepoint"];
  readonly abort: Abort;
  readonly tally: OutcomeTally;
}

/** The conflicts `isolated` puts up with; `bisect` has as many of its own. */
const conflictsBorne = 2;

/** Makes `batch.isolated`. */
export function isolatedTrials(parts: TrialParts): JobBatch["isolated"] {
  return async (tx, fn) => {
    let conflictsLeft = conflictsBorne;
    const outcomes: MadeOutcome[] = [];
    parts.tally.made = true;
    for (const member of parts.members) {
      const run = () => asCurrentJob(member.parts.context, fn, member);
      let answer = await tryOut(parts, tx, run);
      while (!answer.kept && answer.conflict) {
        if (conflictsLeft === 0) throw conflicted(answer.thrown);
        conflictsLeft -= 1;
        answer = await tryOut(parts, tx, run);
      }
      outcomes.push(answer.kept ? outcomeOf(member, answer.value) : member.fail(answer.thrown));
    }
    return outcomes;
  };
}

function outcomeOf(member: BatchMember, value: unknown): MadeOutcome {
  return value instanceof MadeOutcome ? value : member.complete(value);
}

/** Makes `batch.bisect`. */
export function bisectTrials(parts: TrialParts): JobBatch["bisect"] {
  return async (tx, fn, options: BisectOptions = {}) => {
    checkOptions("batch.bisect", options, { budget: rule.any });
    const { members } = parts;
    let search = beginBisection(members.length, options.budget);
    const failures: Failure[] = [];
    const outcomes: MadeOutcome[] = [];
    parts.tally.made = true;
    for (let range = nextProbe(search); range !== undefined; range = nextProbe(search)) {
      const part = members.slice(range.from, range.to);
      const answer = await tryOut(parts, tx, () => fn(part));
      if (answer.kept) {
        outcomes.push(...readOutcomes(part, answer.value, false));
        search = afterProbe(search, "passed");
      } else if (answer.conflict) {
        if (search.conflictsLeft === 0) throw conflicted(answer.thrown);
        search = afterProbe(search, "conflict");
      } else {
        failures.push({ range, thrown: answer.thrown });
        search = afterProbe(search, "failed");
      }
    }
    return [
      ...outcomes,
      ...failedAlone(members, failures),
      ...unresolved(members, search.pending, failures),
    ];
  };
}

interface Failure {
  readonly range: ItemRange;
  readonly thrown: unknown;
}

function failedAlone(members: readonly BatchMember[], failures: readonly Failure[]): MadeOutcome[] {
  return failures
    .filter(({ range }) => sizeOf(range) === 1)
    .flatMap(({ range, thrown }) =>
      members.slice(range.from, range.to).map((member) => member.fail(thrown)),
    );
}

/** Items of parts that failed, or were split off one that did, and that the budget left untried. */
function unresolved(
  members: readonly BatchMember[],
  pending: readonly ItemRange[],
  failures: readonly Failure[],
): MadeOutcome[] {
  return pending.flatMap((range) => {
    const around = failures.findLast(
      (failure) => failure.range.from <= range.from && failure.range.to >= range.to,
    );
    return members.slice(range.from, range.to).map((member) => member.fail(notResolved(around)));
  });
}

function notResolved(around: Failure | undefined): HoldfastError {
  return new HoldfastError(
    "BATCH_UNRESOLVED",
    "A part of the batch with this job in it failed, and the search's budget was spent before this job was tried alone. It is retried alone; give bisect a larger budget to find every bad item at once.",
    { cause: around?.thrown },
  );
}

/** One trial in a savepoint; none once the batch is to stop. */
async function tryOut<Value>(
  { savepoint, abort }: TrialParts,
  tx: object,
  fn: () => Promise<Value>,
): Promise<SavepointAnswer<Value>> {
  checkTransaction(tx);
  // On SQLite nothing here waits for anything, and signals must be heard.
  await turn();
  if (abort.reason !== undefined) throw abort.reason;
  return savepoint(tx, async () => fn());
}

function checkTransaction(tx: unknown): void {
  if (isTransactionLike(tx)) return;
  throw new HoldfastError(
    "INVALID_OPTION",
    `batch.isolated and batch.bisect take the tx of an open transaction first; got ${kindOf(tx)}.`,
  );
}

function conflicted(cause: unknown): HoldfastError {
  return new HoldfastError(
    "TRANSACTION_RETRY",
    "Other transactions got in the way of the batch three times, and this one is to be rolled back. Run it again from the start.",
    { cause },
  );
}
