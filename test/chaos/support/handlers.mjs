import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { isHoldfastError } from "holdfast";
import {
  cutConnection,
  endSomehow,
  heavyGated,
  killProcess,
  leaveMark,
  lightGated,
  outliveLease,
  work,
} from "./jobs.mjs";

/** @import { AbortReason, HoldfastError, JobContext, JobHandler, Transaction } from "holdfast" */
/** @import { GatePayload, SoakEnding } from "./jobs.mjs" */
/** @import { WorkerReport } from "./messages.ts" */

/**
 * What the workers of the chaos tests do.
 * @param {(report: WorkerReport) => void} report
 * @param {(backend: unknown) => Promise<unknown>} [cut] ends a connection of PostgreSQL by its backend's process id
 * @returns {JobHandler[]}
 */
export function handlers(report, cut = async () => {}) {
  /** @param {JobContext} job */
  const began = (job) =>
    report({ event: "began", job: job.id, run: job.run, worker: job.worker.id });

  return [
    leaveMark.handler(async ({ workMs }, job) => {
      began(job);
      await sleep(workMs);
      await job.transaction((tx) => mark(tx, job));
    }),
    work.handler(async ({ workMs }, job) => {
      began(job);
      await sleep(workMs);
    }),
    killProcess.handler(async ({ how }, job) => {
      began(job);
      // Others begin beside it before it strikes.
      await sleep(100);
      if (how === "exit") process.exit(1);
      process.kill(process.pid, "SIGKILL");
    }),
    outliveLease.handler(async ({ workMs }, job) => {
      began(job);
      if (job.run > 1) {
        await sleep(workMs);
        return job.transaction((tx) => mark(tx, job));
      }
      if (!job.signal.aborted) await once(job.signal, "abort");
      const { kind, code } = /** @type {AbortReason & HoldfastError} */ (job.signal.reason);
      report({ event: "aborted", job: job.id, run: job.run, kind, code });
      await refused("progress", job, () => job.progress("late"));
      await refused("transaction", job, () => job.transaction((tx) => mark(tx, job)));
      return "late";
    }),
    cutConnection.handler((_payload, job) =>
      job.transaction(async (tx) => {
        await mark(tx, job);
        const { rows } = await tx.query("SELECT pg_backend_pid() AS backend");
        if (job.run === 1) await cut(rows[0]?.["backend"]);
        await tx.query("SELECT 1");
      }),
    ),
    endSomehow.handler(async ({ ending }, job) => {
      began(job);
      return endAs(ending, job);
    }),
    lightGated.handler(passGates),
    heavyGated.handler(passGates),
  ];

  /**
   * @param {string} call
   * @param {JobContext} job
   * @param {() => Promise<unknown>} write
   */
  async function refused(call, { id, run }, write) {
    try {
      await write();
    } catch (error) {
      const code = isHoldfastError(error) ? error.code : String(error);
      report({ event: "refused", job: id, run, call, code });
    }
  }
}

/**
 * Writes the row whose number the tests count. Nothing in the table keeps a second one out.
 * @param {Transaction} tx
 * @param {JobContext} job
 */
async function mark(tx, job) {
  await tx.query("INSERT INTO mark (job, run, worker) VALUES ($1, $2, $3)", [
    job.id,
    job.run,
    job.worker.id,
  ]);
  return `run ${job.run}`;
}

/**
 * @param {SoakEnding} ending
 * @param {JobContext} job
 */
async function endAs(ending, job) {
  switch (ending) {
    case "fail-twice":
      if (job.attempt <= 2) throw new Error("not yet");
      return;
    case "snooze":
      if (job.state.get() === "snoozed") return;
      await job.state.set("snoozed");
      return job.snooze("50ms");
    case "discard":
      return job.discard("It is of no use.");
    case "await-cancel":
      if (!job.signal.aborted) await once(job.signal, "abort");
      throw job.signal.reason;
    case "parent":
      return job.transaction(async (tx) => {
        await job.enqueue(leaveMark, { workMs: 0 }, { tx });
        return mark(tx, job);
      });
  }
}

/**
 * Works for a while and then ends, or first goes back to a line once.
 * @param {GatePayload} payload
 * @param {JobContext} job
 */
async function passGates({ workMs, ending }, job) {
  await sleep(workMs);
  if (ending === "transaction") return job.transaction((tx) => mark(tx, job));
  if (ending === "complete" || job.state.get() === "back") return;
  await job.state.set("back");
  if (ending === "fail-once") throw new Error("not yet");
  return ending === "snooze" ? job.snooze("50ms") : job.rescheduleNow();
}
