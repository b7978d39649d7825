import { getHeapStatistics } from "node:v8";

/**
 * What the heartbeat thread can see of the main thread without its help: when its loop last turned and how late it was, which
 * jobs run, and the earliest moment one of them must be over. Times are milliseconds of the machine's monotonic clock.
 */
export interface VitalSigns {
  /** What to hand to the thread. */
  readonly buffer: SharedArrayBuffer;
  /** Says that the main loop turned; to be called every `turnMs`. */
  turn(): void;
  /** Says that a job runs in a slot, and by when it must be over (`Infinity` when it has no timeout). */
  enter(slot: number, jobId: string, deadline: number): void;
  leave(slot: number): void;
}

/** What the thread reads. */
export interface VitalSignsReader {
  readonly places: number;
  lastTurn(): number;
  earliestDeadline(): number;
  /** The jobs that run, by their slots. */
  jobIds(): string[];
  /** The jobs that run, the one begun last first. */
  newestJobs(): string[];
  /** What the main thread's heap held when its loop last turned, in bytes. */
  heapBytes(): number;
  /** The longest that the main loop was late since this was asked before, a turn that is overdue now included. */
  takeLag(): number;
}

/** How often the main loop is to turn. */
export const turnMs = 100;

/** The machine's monotonic clock, the same in every thread, in milliseconds. */
export function monotonicNow(): number {
  return Math.floor(Number(process.hrtime.bigint()) / 1e6);
}

/** An id has up to 19 digits and a number keeps 15, so the last nine are written apart from the others. */
const lowDigits = 9;

const headerBytes = 20;
const bytesPerSlot = 36;

/**
 * Layout: the last turn and the heap; then per slot a deadline, when in the row of all it began, the two parts of a job's id,
 * and whether a job runs there; the greatest lag last.
 */
function views(buffer: SharedArrayBuffer) {
  const slots = (buffer.byteLength - headerBytes) / bytesPerSlot;
  const floats = (from: number, count: number): Float64Array =>
    new Float64Array(buffer, 8 * from, count);
  const integersFrom = 8 * (2 + 4 * slots);
  return {
    main: floats(0, 2),
    deadlines: floats(2, slots),
    begun: floats(2 + slots, slots),
    ids: floats(2 + 2 * slots, 2 * slots),
    running: new Int32Array(buffer, integersFrom, slots),
    lag: new Int32Array(buffer, integersFrom + 4 * slots, 1),
  };
}

/** Vital signs for a worker of so many slots. */
export function createVitalSigns(slots: number): VitalSigns {
  const buffer = new SharedArrayBuffer(headerBytes + bytesPerSlot * slots);
  const { main, deadlines, begun, ids, running, lag } = views(buffer);
  let entered = 0;

  function turn(): void {
    const now = monotonicNow();
    const late = now - (main[0] ?? now) - turnMs;
    if (late > Atomics.load(lag, 0)) Atomics.store(lag, 0, late);
    main[0] = now;
    main[1] = getHeapStatistics().used_heap_size;
  }

  main[0] = monotonicNow();
  turn();
  return {
    buffer,
    turn,
    enter(slot, jobId, deadline) {
      deadlines[slot] = deadline;
      begun[slot] = entered += 1;
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
  const { main, deadlines, begun, ids, running, lag } = views(buffer);
  const taken = (): number[] =>
    Array.from(running.keys()).filter((slot) => Atomics.load(running, slot) !== 0);
  const idIn = (slot: number): string => {
    const [high = 0, low = 0] = ids.subarray(2 * slot, 2 * slot + 2);
    return high === 0 ? String(low) : `${high}${String(low).padStart(lowDigits, "0")}`;
  };
  const begunIn = (slot: number): number => begun[slot] ?? 0;
  return {
    places: running.length,
    lastTurn: () => main[0] ?? 0,
    earliestDeadline: () =>
      Math.min(Number.POSITIVE_INFINITY, ...taken().map((slot) => deadlines[slot] ?? 0)),
    jobIds: () => taken().map(idIn),
    newestJobs: () =>
      taken()
        .toSorted((one, other) => begunIn(other) - begunIn(one))
        .map(idIn),
    heapBytes: () => main[1] ?? 0,
    takeLag() {
      const overdue = monotonicNow() - (main[0] ?? 0) - turnMs;
      return Math.max(0, Atomics.exchange(lag, 0, 0), overdue);
    },
  };
}
