import { defineJob } from "holdfast";

/** @import { JobDefinition, RetryOptions } from "holdfast" */

/**
 * Takes the payload's type from where the definition is put: JavaScript has no other place for it.
 * @type {<Payload>(options: { name: string, retry: RetryOptions }) => JobDefinition<Payload>}
 */
const define = defineJob;

/** Crashed jobs return soon, so that a test need not wait for them. */
const retry = /** @type {const} */ ({ backoff: { min: "50ms", max: "1s" } });

/**
 * Works for a while, then writes its row into the application's table and completes, in one transaction.
 * @type {JobDefinition<{ workMs: number, number?: number }>}
 */
export const leaveMark = define({ name: "leave-mark", retry });

/**
 * Works for a while and completes without a transaction of its own.
 * @type {JobDefinition<{ workMs: number }>}
 */
export const work = define({ name: "work", retry });

/**
 * Kills its own process.
 * @type {JobDefinition<{ how: "SIGKILL" | "exit" }>}
 */
export const killProcess = define({ name: "kill-process", retry });

/**
 * On its first run waits until its signal aborts and then tries everything a late owner could try; on a later run
 * works for a while and leaves its mark.
 * @type {JobDefinition<{ workMs: number }>}
 */
export const outliveLease = define({ name: "outlive-lease", retry });

/**
 * Has the connection of its own transaction cut on its first attempt.
 * @type {JobDefinition<Record<string, never>>}
 */
export const cutConnection = define({ name: "cut-connection", retry });

/**
 * Ends in the way its payload says.
 * @type {JobDefinition<{ ending: SoakEnding }>}
 */
export const endSomehow = define({ name: "end-somehow", retry });

/**
 * The ways of a soak's jobs: retried, snoozed, discarded, waiting to be cancelled, or with a child of its own.
 * @typedef {"fail-twice" | "snooze" | "discard" | "await-cancel" | "parent"} SoakEnding
 */

/** What the gates' tests allow; the history of the database is held against it. */
export const allowed = /** @type {const} */ ({ shared: 4, keyed: 2 });

/**
 * A job that goes through gates: the lane its enqueue names, and two limits.
 * @typedef {{ lane: string | null, key: string, workMs: number, ending: GateEnding }} GatePayload
 */

/**
 * The ways to leave gates: one way or another to the end, or first back to a line.
 * @typedef {"complete" | "transaction" | "fail-once" | "snooze" | "again"} GateEnding
 */

const keyed = /** @type {const} */ ({ scope: "keyed", concurrent: allowed.keyed });
const byKey = (/** @type {GatePayload} */ { key }) => key;

/**
 * Counts once against what all share.
 * @type {JobDefinition<GatePayload>}
 */
export const lightGated = defineJob({
  name: "light-gated",
  retry,
  limits: [
    { scope: "shared", concurrent: allowed.shared },
    { ...keyed, by: byKey },
  ],
});

/**
 * Counts three times.
 * @type {JobDefinition<GatePayload>}
 */
export const heavyGated = defineJob({
  name: "heavy-gated",
  retry,
  limits: [
    { scope: "shared", concurrent: allowed.shared, weight: 3 },
    { ...keyed, by: byKey },
  ],
});
