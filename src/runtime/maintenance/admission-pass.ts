import { createAlarm } from "../../service/alarm.ts";
import type { Engine } from "../../service/engine.ts";
import type { Periodic } from "../../service/periodic.ts";
import { type PassParts, type PassRun, startPass } from "./pass.ts";

/** The pass over the lines, which can be told that it may be needed. */
export interface AdmissionPass extends Periodic {
  /** Jobs are blocked, which the last look may not have shown. */
  noteWaiting(): void;
  /**
   * Something may have come that nobody else lets in. Worth a look of its own only while nobody notes it soon; a worker that knows of no
   * gates takes one in a second at most, for producers may name some that no definition has.
   */
  hint(): void;
}

/** When to look. */
export interface AdmissionPace {
  /** How long it may take until somebody notes that jobs are blocked, in milliseconds. */
  readonly poll: () => number;
  /** True when this worker runs jobs that have gates. */
  readonly gated: () => boolean;
}

type AdmissionParts = Pick<Engine, "storage" | "clock" | "refills" | "limitWarnings"> & PassParts;

/** Gates looked at in one pass. */
const batch = 100;
/** While somebody waits. */
const waitingMs = 1_000;
/** While nobody does: whoever promotes jobs says so when somebody does. */
const restMs = 300_000;
/** Between the looks that rates ask for: what refills within it is let in together. */
const refillMs = 10;

/**
 * Lets blocked jobs in wherever that is possible and nobody did: after a process died between its commit and its admission, when a
 * queue is open again, a worker has come, or a rate has refilled. Any number of processes may run it: each gate is locked
 * while it is looked at, and one somebody else is at is theirs.
 */
export function startAdmissionPass(
  { storage, refills, limitWarnings, ...parts }: AdmissionParts,
  { poll, gated }: AdmissionPace,
): AdmissionPass {
  const { clock } = parts;
  const alarm = createAlarm(clock, () => periodic.wake());
  let known = false;
  let resting = false;
  let looked = Number.NEGATIVE_INFINITY;

  async function pass(): Promise<PassRun> {
    alarm.clear();
    resting = false;
    looked = clock.now();
    const answer = await storage.admitWaiting(batch, clock.now());
    if (answer.queues.length > 0) void storage.wake(answer.queues);
    for (const scope of answer.undeclared) limitWarnings.undeclared(scope);
    known ||= answer.waiting || answer.rows > 0;
    const { rows } = answer;
    if (answer.more) return { rows, pauseMs: 0 };
    if (answer.nextAt !== null) expect(answer.nextAt);
    resting = !answer.waiting;
    return { rows, pauseMs: resting ? restMs : Math.min(waitingMs, poll()) };
  }

  function expect(at: number): void {
    alarm.set(Math.max(at, clock.now() + refillMs));
  }

  const periodic = startPass("admit", pass, parts);
  const unlisten = refills.listen(expect);
  return {
    wake: periodic.wake,
    noteWaiting() {
      if (resting) periodic.wake();
    },
    hint() {
      if (!resting || poll() <= waitingMs) return;
      if (known || gated()) periodic.wake();
      else expect(looked + waitingMs);
    },
    async stop() {
      unlisten();
      await periodic.stop();
      alarm.clear();
    },
  };
}
