import type { WorkerRecord, WorkerReport } from "../../core/worker-record.ts";

/** Who is registering. */
export type NewWorker = Pick<
  WorkerRecord,
  "host" | "pid" | "bootId" | "queues" | "handlers" | "leaseMs"
> &
  Partial<Pick<WorkerRecord, "version" | "slots" | "versions">> & {
    /** The registration that the same worker has lost: one that was to drain is to drain under this one too. */
    readonly replaces?: string;
  };

/** What a worker serves. */
export type WorkerDuties = Pick<WorkerRecord, "queues" | "slots" | "handlers" | "versions">;

/**
 * How to send heartbeats from another thread: a module exporting `connect(data)` that resolves to a `Heart`.
 * `data` can be copied between threads.
 */
export interface HeartModule {
  readonly url: string;
  readonly data: unknown;
}

/**
 * What a heartbeat found: `draining` when somebody wants the worker to; `ordered` when settings of queues have changed since the heart
 * beat last, where hints of that can be lost without a word; `gone` when the registration is dead, and nothing revives it.
 */
export type BeatAnswer = "alive" | "ordered" | "draining" | "gone";

/** A connection of its own that sends heartbeats. */
export interface Heart {
  /** Sends one heartbeat, and with it what the worker says of itself; without, what it said before stands. */
  beat(workerId: string, report?: WorkerReport): Promise<BeatAnswer>;
  close(): Promise<void>;
}

/**
 * Which workers are alive. A heartbeat changes the worker's `beat` to a value it never had. Whether a worker is dead is judged
 * by watching its beat stand still on one's own monotonic clock, so no wall clock matters.
 */
export interface PresenceStore {
  /** Registers a worker under a new id and creates the rows of its queues. */
  registerWorker(worker: NewWorker): Promise<string>;
  /** Writes down what a registered worker serves from now on, and creates the rows of its queues; nothing when it is gone. */
  describeWorker(id: string, duties: WorkerDuties): Promise<void>;
  /** Asks a live worker to drain; false when there is none of this id. The first who asked stays named. */
  drainWorker(id: string, by: string | null): Promise<boolean>;
  /** Removes a registration; its jobs, if any are left, become orphans. Idempotent. */
  unregisterWorker(id: string): Promise<void>;
  /** The live registrations. */
  listWorkers(): Promise<readonly WorkerRecord[]>;
  /** Marks a worker dead if its beat still is the one given; true when this call did it. */
  markWorkerDead(id: string, beat: string): Promise<boolean>;
  /** A heart on the calling thread, for when no other thread can have a connection. */
  openHeart(): Promise<Heart>;
  /** How another thread opens a heart; `undefined` when it cannot (in-memory SQLite, a pool that cannot be opened twice). */
  readonly heartModule: HeartModule | undefined;
}
