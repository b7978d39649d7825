import { type HoldfastError, isHoldfastError } from "../core/errors.ts";
import type { BatchAttempt } from "./batch-attempt.ts";
import type { BatchEnd, BatchMember, MemberParts } from "./batch-member.ts";
import { readOutcomes } from "./batch-outcomes.ts";
import {
  type AttemptEnding,
  completed,
  endOfAbort,
  endOfChoice,
  endOfResult,
  endOfThrow,
  type HandlerEnd,
} from "./executor.ts";

/** How each job of a batch ended; one not named is still open. */
export type BatchEndings = Map<MemberParts, AttemptEnding>;

/** What a batch's function came to, member by member. */
export async function endOfBatch(
  batch: BatchAttempt,
  items: readonly BatchMember[],
  end: HandlerEnd,
  endings: BatchEndings,
): Promise<void> {
  const open = items.map(({ parts }) => parts);
  if (batch.ending.settled) {
    if ("thrown" in end) tellLate(open, end.thrown);
    for (const member of open) endings.set(member, { kind: "already-settled" });
    return;
  }
  const read =
    batch.abort.reason?.kind === "timeout" ? timedOut(batch) : readEnd(batch, items, end);
  if ("thrown" in read) {
    for (const member of open) endings.set(member, endOfThrown(member, open, read.thrown));
    return;
  }
  await Promise.all(
    read.outcomes.map(async ({ member: { parts }, end: chosen }) => {
      endings.set(parts, await endOfMember(parts, chosen));
    }),
  );
}

type ReadEnd =
  | { readonly thrown: unknown }
  | { readonly outcomes: ReturnType<typeof readOutcomes> };

/** Too late is too late, whatever the function made of its last seconds. */
function timedOut({ abort }: BatchAttempt): ReadEnd {
  return { thrown: abort.reason };
}

function readEnd(batch: BatchAttempt, items: readonly BatchMember[], end: HandlerEnd): ReadEnd {
  if ("thrown" in end) return end;
  try {
    return { outcomes: readOutcomes(items, end.value, batch.tally.made) };
  } catch (thrown) {
    return { thrown };
  }
}

function tellLate([first]: readonly MemberParts[], thrown: unknown): void {
  first?.context.log.warn({ error: thrown }, "threw after its batch's transaction committed");
}

/** What a batch that threw makes of one of its jobs: one that lost nothing is not to blame for what another has lost. */
function endOfThrown(
  member: MemberParts,
  all: readonly MemberParts[],
  thrown: unknown,
): AttemptEnding {
  const { attempt, context } = member;
  const innocent =
    isHoldfastError(thrown, "LEASE_LOST") && all.some((other) => hasLost(other, thrown));
  return innocent && attempt.abort.reason === undefined
    ? { kind: "released" }
    : endOfThrow(attempt, thrown, context);
}

function hasLost({ attempt }: MemberParts, { details }: HoldfastError): boolean {
  const { id } = attempt.job.lease;
  const ids = details["ids"] ?? [details["id"]];
  return Array.isArray(ids) && ids.includes(id);
}

/** What one outcome becomes, outside of a transaction. */
export function endOfMember(
  { attempt, context }: MemberParts,
  end: BatchEnd,
): AttemptEnding | Promise<AttemptEnding> {
  switch (end.kind) {
    case "completed":
      return end.value === undefined ? completed : endOfResult(attempt, end.value, context);
    case "failed":
      return endOfThrow(attempt, end.thrown, context);
    default:
      return endOfChoice(attempt, end);
  }
}

/** What a batch that ignored its signal leaves behind. */
export function endOfAbandoned(batch: BatchAttempt, endings: BatchEndings): BatchEndings {
  for (const member of batch.members) {
    if (endings.has(member)) continue;
    endings.set(
      member,
      batch.ending.settled
        ? { kind: "already-settled" }
        : (endOfAbort(member.attempt, member.context) ?? { kind: "released" }),
    );
  }
  return endings;
}
