import type { SavepointAnswer } from "../contract/transact.ts";

/** How a driver marks the beginning of a part of a transaction, keeps it or undoes it, and tells whose fault an error is. */
export interface UndoableSteps {
  begin(): Promise<unknown>;
  keep(): Promise<unknown>;
  undo(): Promise<unknown>;
  isConflict(error: unknown): boolean;
}

/**
 * Runs a function between the marks. A part whose function swallowed a failed statement cannot be kept, and counts as one that
 * threw.
 *
 * @throws what beginning or undoing throws.
 */
export async function runUndoable<Value>(
  fn: () => Promise<Value>,
  { begin, keep, undo, isConflict }: UndoableSteps,
): Promise<SavepointAnswer<Value>> {
  await begin();
  try {
    const value = await fn();
    await keep();
    return { kept: true, value };
  } catch (thrown) {
    await undo();
    return { kept: false, thrown, conflict: isConflict(thrown) };
  }
}
