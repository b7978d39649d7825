/**
 * What the heartbeat thread can see of the main thread without its help: when its loop last turned, which jobs
 * run, and the earliest moment one of them must be over. Times are milliseconds of the machine's monotonic clock.
 */
export interface VitalSigns {
  /** What to hand to the thread. */
  readonly buffer: SharedArrayBuffer;
  /** Says that the main loop turned. */
  turn(): void;
  /** Says that a job runs in a slot, and by when it must be over (`Infinity` when it has no timeout). */
  enter(slot: number, jobId: string, deadline: number): void;
  leave(slot: number): void;
}

/** What the thread reads. */
export interface VitalSignsReader {
  lastTurn(): number;
  earliestDeadline(): number;
  jobIds(): string[];
}

/** The machine's monotonic clock, the same in every thread, in milliseconds. */
export function monotonicNow(): number {
  return Math.floor(Number(process.hrtime.bigint()) / 1e6);
}

/** An id has up to 19 digits and a number keeps 15, so the last nine are written apart from the others. */
const lowDigits = 9;

const bytesPerSlot = 28;

/** Layout: one turn; then per slot a deadline, the two parts of a job's id, and whether a job runs there. */
function views(buffer: SharedArrayBuffer): {
  readonly times: Float64Array;
  readonly ids: Float64Array;
  readonly running: Int32Array;
} {
  const slots = (buffer.byteLength - 8) / bytesPerSlot;
  return {
    times: new Float64Array(buffer, 0, slots + 1),
    ids: new Float64Array(buffer, 8 * (slots + 1), 2 * slots),
    running: new Int32Array(buffer, 8 * (3 * slots + 1), slots),
  };
}

/** Vital signs for a worker of so many slots. */
export function createVitalSigns(slots: number): VitalSigns {
  const buffer = new SharedArrayBuffer(8 + bytesPerSlot * slots);
  const { times, ids, running } = views(buffer);
  times[0] = monotonicNow();
  return {
    buffer,
    turn() {
      times[0] = monotonicNow();
    },
    enter(slot, jobId, deadline) {
      times[slot + 1] = deadline;
      const long = jobId.length > lowDigits;
      ids[2 * slot] = long ? Number(jobId.slice(0, -lowDigits)) : 0;
      ids[2 * slot + 1] = Number(long ? jobId.slice(-lowDigits) : jobId);
      // Written last, and with a barrier: whoever sees it sees the rest.
      Atomics.store(running, slot, 1);
    },
    leave(slot) {
      Atomics.store(running, slot, 0);
    },
  };
}

/** Reads vital signs in another thread. */
export function readVitalSigns(buffer: SharedArrayBuffer): VitalSignsReader {
  const { times, ids, running } = views(buffer);
  const taken = (): number[] =>
    Array.from(running.keys()).filter((slot) => Atomics.load(running, slot) !== 0);
  const idIn = (slot: number): string => {
    const [high = 0, low = 0] = ids.subarray(2 * slot, 2 * slot + 2);
    return high === 0 ? String(low) : `${high}${String(low).padStart(lowDigits, "0")}`;
  };
  return {
    lastTurn: () => times[0] ?? 0,
    earliestDeadline: () =>
      Math.min(Number.POSITIVE_INFINITY, ...taken().map((slot) => times[slot + 1] ?? 0)),
    jobIds: () => taken().map(idIn),
  };
}
