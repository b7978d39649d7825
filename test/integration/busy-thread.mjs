// A thread that does what its payload says.
import { setTimeout as sleep } from "node:timers/promises";
import { threadId } from "node:worker_threads";
import { DiscardError, ThrottleError } from "holdfast";
import { serveThread } from "holdfast/process";

/** @import { ThreadJob } from "holdfast/process" */

/** @type {Readonly<Record<string, (job: ThreadJob) => unknown>>} */
const deeds = {
  tell: ({ id, run, attempt, name, queue }) => ({ threadId, id, run, attempt, name, queue }),
  throw: () => {
    throw Object.assign(new RangeError("out of range"), { code: "E_RANGE" });
  },
  discard: () => {
    throw new DiscardError("never");
  },
  throttle: () => {
    throw new ThrottleError("2h");
  },
  snooze: (job) => job.snooze("1h"),
  loop: (job) => {
    job.progress(threadId);
    for (;;);
  },
  obey: async (job) => {
    job.progress(threadId);
    await sleep(60_000, undefined, { signal: job.signal });
  },
  die: async () => {
    setTimeout(() => {
      throw new Error("thrown by a timer");
    }, 1);
    await sleep(60_000);
  },
  exit: () => process.exit(3),
  date: () => ({ at: new Date(0) }),
  log: (job) => {
    job.log.warn({ error: new Error("inner"), big: 1 }, "from the thread");
    setTimeout(() => job.log.warn({}, "too late"), 1);
    job.progress({ half: true });
  },
  nothing: () => {},
};

serveThread((/** @type {string} */ deed, job) => deeds[deed]?.(job));
