import type { CappedCount } from "./job-search.ts";
import type { ScheduleRecord } from "./schedule.ts";
import type { WorkerRecord } from "./worker-record.ts";

/** What a database says of itself, whatever its schema. */
export interface HealthFacts {
  /** `busy` when another process holds the one writer of a file. */
  readonly writable: "yes" | "busy" | "read-only";
  /** Tables, indexes, functions and triggers of the schema that are not there or not valid, such as `index live_ready`. */
  readonly missing: readonly string[];
  /** Rights this user lacks, such as `DELETE on live_0`. */
  readonly lacking: readonly string[];
  /** Whether this user may apply migrations. */
  readonly mayMigrate: boolean;
  /** A server; `null` for a file. */
  readonly server: ServerHealth | null;
  /** A file; `null` for a server and for a database in memory. */
  readonly file: FileHealth | null;
}

/** How a server is. */
export interface ServerHealth {
  readonly user: string;
  /** Whether this user may truncate the tables of live jobs. */
  readonly mayTruncate: boolean;
  readonly connections: readonly ConnectionBudget[];
  /** The most connections one process of Holdfast opens. */
  readonly perProcess: number;
  /** Settings that are off and without which a commit may be lost. */
  readonly unsafe: readonly string[];
  readonly autovacuum: boolean;
  /** How full the server's queue of notifications is, 0 to 1. */
  readonly notifyUsage: number;
  /** Those that keep dead rows from being removed, oldest first. */
  readonly snapshots: readonly SnapshotHolder[];
  readonly idleSlots: readonly IdleSlot[];
  readonly live: LiveSpace;
}

/** One limit on connections and how much of it is used. */
export interface ConnectionBudget {
  /** What sets the limit, such as `max_connections`. */
  readonly limit: string;
  readonly most: number;
  readonly used: number;
}

/** Who holds an old snapshot. */
export interface SnapshotHolder {
  readonly kind: "session" | "prepared transaction";
  /** The process's number, or the prepared transaction's name. */
  readonly name: string;
  /** How it names itself, with its user and what it does. */
  readonly who: string;
  /** Since when, in milliseconds; `null` when this user may not see that. */
  readonly ageMs: number | null;
  /** Transactions begun since. */
  readonly transactions: number;
}

/** A replication slot nobody reads. */
export interface IdleSlot {
  readonly name: string;
  /** Write-ahead log that is kept for it. */
  readonly bytes: number;
  /** True when it also keeps dead rows. */
  readonly pins: boolean;
}

/** The space of the table of live jobs. */
export interface LiveSpace {
  readonly jobs: number;
  readonly deadRows: number;
  readonly indexBytes: number;
}

/** How a database file is. */
export interface FileHealth {
  readonly path: string;
  /** The kind of file system, when it is one of a network. */
  readonly network: string | null;
  /** True when the path leads to another file than the one that is open, or to none. */
  readonly replaced: boolean;
  readonly bytes: number;
  readonly walBytes: number;
}

/** What goes on in a database, as far as it was looked at. Times are milliseconds since the epoch. */
export interface ActivityFacts {
  /** Jobs that wait to be claimed or let in, by what a worker needs to run them. */
  readonly waiting: readonly WaitingJobs[];
  /** Running jobs whose worker is no longer registered. */
  readonly abandoned: CappedCount;
  readonly overdue: CappedCount & { readonly oldestAt: number | null };
  /** Unique keys of the newest completed jobs, the most used first. */
  readonly keys: readonly KeyUse[];
  /** Gates with the most jobs waiting at them. */
  readonly lines: readonly Line[];
}

/** The jobs that wait at a gate. */
export interface Line extends CappedCount {
  readonly gate: string;
}

/** What goes on, and who is there for it. */
export interface FleetFacts extends ActivityFacts {
  /** The live workers. */
  readonly workers: readonly WorkerRecord[];
  readonly schedules: readonly Pick<ScheduleRecord, "name" | "nextAt" | "failure">[];
}

/** Jobs that wait and need the same of a worker. */
export interface WaitingJobs extends CappedCount {
  readonly queue: string;
  readonly name: string;
  readonly version: number;
}

/** How often one unique key was used of late. */
export interface KeyUse {
  readonly name: string;
  readonly key: string;
  readonly uses: number;
  /** From the first of these uses to the last, in milliseconds. */
  readonly spanMs: number;
}

/** The answer to a wakeup sent to oneself. */
export type WakeupPing = { readonly heard: true } | { readonly heard: false; readonly why: string };
