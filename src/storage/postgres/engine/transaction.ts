import { HoldfastError } from "../../../core/errors.ts";
import { isUnreachable, messageOf, storageError, unknownOutcome } from "../sql-errors.ts";
import type { Session } from "./session.ts";

/**
 * Runs `work` between `begin` and COMMIT; what it throws rolls back.
 *
 * @throws what `work` throws; `STORAGE_UNAVAILABLE` when the connection was lost, with `details.commit === "unknown"`
 * when that was in COMMIT; `STORAGE_FAILED` when a failed statement inside was swallowed.
 */
export async function inTransaction<Value>(
  session: Session,
  begin: string,
  work: () => Promise<Value>,
): Promise<Value> {
  await session.run(begin);
  let value: Value;
  try {
    value = await work();
  } catch (error) {
    const reason = session.lostBy() ?? error;
    await rollBack(session);
    throw session.lostBy() !== undefined && isUnreachable(error) ? lostBefore(reason) : error;
  }
  if (session.lostBy() !== undefined) throw lostBefore(session.lostBy());
  await commit(session);
  return value;
}

/** The connection ended before COMMIT was sent, so the server has rolled back. */
function lostBefore(reason: unknown): HoldfastError {
  return new HoldfastError(
    "STORAGE_UNAVAILABLE",
    `The connection was lost inside the transaction, which was rolled back. Try again. (${messageOf(reason)})`,
    { cause: reason },
  );
}

async function rollBack(session: Session): Promise<void> {
  if (session.lostBy() !== undefined) return;
  try {
    await session.run("ROLLBACK");
  } catch {
    // A connection that cannot even roll back is closed when it is given back, and the server rolls back.
  }
}

async function commit(session: Session): Promise<void> {
  let command: string;
  try {
    ({ command } = await session.run("COMMIT"));
  } catch (error) {
    throw unknownOutcome(storageError(error));
  }
  if (command === "COMMIT") return;
  throw new HoldfastError(
    "STORAGE_FAILED",
    "The transaction was rolled back: a statement in it failed, and the error was caught inside. Let it out, or use a savepoint.",
  );
}
