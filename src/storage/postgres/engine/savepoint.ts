import type { Query } from "./session.ts";

const lockWait = "5s";

/**
 * Runs statements inside the caller's transaction so that a failure undoes them alone and leaves the transaction usable;
 * they wait for no lock longer than 5 s, and the caller's own lock_timeout is put back.
 */
export async function withSavepoint<Value>(
  query: Query,
  work: (query: Query) => Promise<Value>,
): Promise<Value> {
  await query("SAVEPOINT holdfast");
  try {
    const [setting] = await query<{ readonly before: string }>(
      "SELECT current_setting('lock_timeout') AS before, set_config('lock_timeout', $1, true)",
      [lockWait],
    );
    const value = await work(query);
    await query("SELECT set_config('lock_timeout', $1, true)", [setting?.before]);
    await query("RELEASE SAVEPOINT holdfast");
    return value;
  } catch (error) {
    await undo(query);
    throw error;
  }
}

async function undo(query: Query): Promise<void> {
  try {
    await query("ROLLBACK TO SAVEPOINT holdfast");
    await query("RELEASE SAVEPOINT holdfast");
  } catch {
    // The connection is gone, and the transaction with it; the first error says so.
  }
}
