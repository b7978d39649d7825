import type { CappedCount } from "./job-search.ts";
import type { ConnectionBudget, IdleSlot, LiveSpace, SnapshotHolder } from "./health-facts.ts";

interface OfSchema {
  /** What the database, or Holdfast on its behalf, answered. */
  readonly message: string;
}

interface OfUser {
  /** `null` when the database has no users. */
  readonly user: string | null;
}

interface OfFile {
  readonly path: string;
}

interface OfWorker {
  readonly worker: string;
  readonly host: string;
  readonly pid: number;
}

/** The names and numbers of each kind of finding. Times are in milliseconds. */
export interface FindingFacts {
  readonly "database-unreachable": { readonly message: string };
  readonly "database-unusable": { readonly error: string; readonly message: string };
  readonly "database-read-only": { readonly message: string | null };
  readonly "writer-held": object;
  readonly "schema-out-of-date": OfSchema | { readonly current: number; readonly latest: number };
  readonly "schema-too-new": OfSchema;
  readonly "schema-changed": OfSchema;
  readonly "schema-incomplete": { readonly missing: readonly string[] };
  readonly "permission-missing": OfUser & { readonly lacking: readonly string[] };
  readonly "migrate-forbidden": OfUser;
  readonly "truncate-forbidden": OfUser;
  /** Negative when this machine's clock is behind. */
  readonly "clock-skewed": { readonly aheadMs: number };
  readonly "connections-scarce": ConnectionBudget;
  readonly "connections-overbooked": Omit<ConnectionBudget, "used"> & {
    readonly processes: number;
    readonly perProcess: number;
  };
  readonly "durability-off": { readonly settings: readonly string[] };
  readonly "vacuum-off": object;
  readonly "snapshot-old": SnapshotHolder;
  readonly "slot-inactive": IdleSlot;
  readonly "live-bloated": LiveSpace;
  readonly "file-replaced": OfFile;
  readonly "network-file-system": OfFile & { readonly network: string };
  readonly "wal-large": OfFile & { readonly walBytes: number };
  readonly "wakeups-dead": { readonly why: string };
  /** From 0 to 1. */
  readonly "notify-queue-full": { readonly share: number };
  readonly "worker-silent": OfWorker & { readonly lastBeatMs: number; readonly leaseMs: number };
  readonly "worker-lagging": OfWorker & { readonly lagMs: number };
  readonly "maintenance-failing": {
    readonly worker: string;
    readonly pass: string;
    readonly error: string;
  };
  readonly "jobs-abandoned": CappedCount;
  readonly "queue-unserved": CappedCount & { readonly queue: string };
  readonly "handler-missing": CappedCount & {
    readonly queue: string;
    readonly name: string;
    readonly version: number;
    /** Those that serve the queue. */
    readonly workers: readonly string[];
    /** True when some of them know the name, but no payload of this version. */
    readonly known: boolean;
  };
  readonly "jobs-overdue": CappedCount & { readonly oldestMs: number };
  readonly "ticks-missed": { readonly schedule: string; readonly lateMs: number };
  readonly "schedule-failing": {
    readonly schedule: string;
    readonly tries: number;
    readonly error: string;
    readonly message: string;
  };
  readonly "key-hot": {
    readonly name: string;
    readonly key: string;
    readonly uses: number;
    readonly spanMs: number;
  };
  readonly "lane-crowded": CappedCount & { readonly lane: string };
}

/** A stable name of a kind of finding; switch on it rather than on words. */
export type FindingCode = keyof FindingFacts;
