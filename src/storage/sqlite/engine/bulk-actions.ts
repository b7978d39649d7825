import { isHoldfastError } from "../../../core/errors.ts";
import type { Operation } from "../../../core/operation.ts";
import { cancelJob, deleteJob, type Done, retryJob, runJobNow } from "../control.ts";
import { isEnvironment } from "../sql-errors.ts";
import { changeWaiting } from "./change-waiting.ts";
import type { Session } from "./session.ts";

/** What became of some jobs. */
export interface EachResult {
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  /** Why the last one failed. */
  readonly error: string | null;
  readonly queues: readonly string[];
  readonly cancelling: readonly string[];
}

/** The answers that say that something was done. */
const doneAnswers = new Set([
  "cancelled",
  "cancelling",
  "retried",
  "available",
  "deleted",
  "changed",
]);

/**
 * Does the action of an operation to jobs one by one, inside the transaction under way; one that fails is undone by itself. Who may
 * pass a gate because of it is let in by the same.
 */
export function actOnEach(
  session: Session,
  operation: Operation,
  ids: readonly number[],
  now: number,
): EachResult {
  const queues = new Set<string>();
  const cancelling: string[] = [];
  const result = { done: 0, skipped: 0, failed: 0 };
  let error: string | null = null;
  for (const id of ids) {
    try {
      const { answer, queues: filled } = undoably(session, () => act(session, operation, id, now));
      for (const queue of filled) queues.add(queue);
      if (answer === "cancelling") cancelling.push(String(id));
      result[doneAnswers.has(answer) ? "done" : "skipped"] += 1;
    } catch (cause) {
      if (endsAll(session, cause)) throw cause;
      if (isHoldfastError(cause, "UNIQUE_CONFLICT")) result.skipped += 1;
      else {
        result.failed += 1;
        error = `Job ${id}: ${cause instanceof Error ? cause.message : String(cause)}`;
      }
    }
  }
  return { ...result, error, queues: [...queues], cancelling };
}

/** A full disk is no fault of the job's, and may have ended the transaction: what came next would be on its own. */
function endsAll(session: Session, error: unknown): boolean {
  return isEnvironment(error) || session.handle.isTransaction === false;
}

function undoably<Value>(session: Session, step: () => Value): Value {
  session.run("SAVEPOINT one");
  try {
    const value = step();
    session.run("RELEASE one");
    return value;
  } catch (error) {
    if (endsAll(session, error)) throw error;
    session.run("ROLLBACK TO one");
    session.run("RELEASE one");
    throw error;
  }
}

function act(session: Session, operation: Operation, id: number, now: number): Done<string> {
  const { action, by } = operation;
  switch (action) {
    case "cancel": {
      const why = operation.why ?? "Cancelled by a bulk operation.";
      return cancelJob(session, id, { why, by, at: now });
    }
    case "retry":
      return woken(session, id, retryJob(session, id, now));
    case "runNow":
      return woken(session, id, runJobNow(session, id, now));
    case "delete":
      return deleteJob(session, id, now);
    case "move":
    case "changePriority":
      return woken(session, id, changeWaiting(session, id, operation, now));
  }
}

/** The queue of a job that is available now has work too. */
function woken(session: Session, id: number, done: Done<string>): Done<string> {
  const row = session.get<{ readonly queue: string }>(
    "SELECT queue FROM holdfast_live WHERE id = ? AND owner IS NULL",
    id,
  );
  return row === undefined ? done : { ...done, queues: [...done.queues, row.queue] };
}
