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
  return Number(process.hrtime.bigint() / 1_000_000n);
}

/** Layout: one turn, then per slot a deadline; then per slot a job id, 0 for none. */
function views(buffer: SharedArrayBuffer): { times: Float64Array; ids: BigInt64Array } {
  const slots = buffer.byteLength / 16 - 1;
  return {
    times: new Float64Array(buffer, 0, slots + 1),
    ids: new BigInt64Array(buffer, 8 * (slots + 1), slots),
  };
}

/** Vital signs for a worker of so many slots. */
export function createVitalSigns(slots: number): VitalSigns {
  const buffer = new SharedArrayBuffer(16 * (slots + 1));
  const { times, ids } = views(buffer);
  times[0] = monotonicNow();
  return {
    buffer,
    turn() {
      times[0] = monotonicNow();
    },
    enter(slot, jobId, deadline) {
      times[slot + 1] = deadline;
      Atomics.store(ids, slot, BigInt(jobId));
    },
    leave(slot) {
      Atomics.store(ids, slot, 0n);
    },
  };
}

/** Reads vital signs in another thread. */
export function readVitalSigns(buffer: SharedArrayBuffer): VitalSignsReader {
  const { times, ids } = views(buffer);
  const running = (): number[] =>
    Array.from(ids.keys()).filter((slot) => Atomics.load(ids, slot) !== 0n);
  return {
    lastTurn: () => times[0] ?? 0,
    earliestDeadline: () =>
      Math.min(Number.POSITIVE_INFINITY, ...running().map((slot) => times[slot + 1] ?? 0)),
    jobIds: () => running().map((slot) => String(ids[slot])),
  };
}
