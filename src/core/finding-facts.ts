import type { CappedCount } from "./job-search.ts";

/** The names and numbers of each kind of finding. Times are in milliseconds. */
export interface FindingFacts {
  readonly "database-unreachable": { readonly message: string };
  readonly "database-unusable": { readonly error: string; readonly message: string };
  readonly "database-read-only": { readonly message: string | null };
  readonly "writer-held": object;
  readonly "schema-out-of-date":
    | { readonly message: string }
    | { readonly current: number; readonly latest: number };
  readonly "schema-too-new": { readonly message: string };
  readonly "schema-changed": { readonly message: string };
  readonly "schema-incomplete": { readonly missing: readonly string[] };
  readonly "permission-missing": {
    readonly user: string | null;
    readonly lacking: readonly string[];
  };
  readonly "migrate-forbidden": { readonly user: string | null };
  readonly "truncate-forbidden": { readonly user: string | null };
  /** Negative when this machine's clock is behind. */
  readonly "clock-skewed": { readonly aheadMs: number };
  readonly "connections-scarce": {
    readonly limit: string;
    readonly most: number;
    readonly used: number;
  };
  readonly "connections-overbooked": {
    readonly limit: string;
    readonly most: number;
    readonly processes: number;
    readonly perProcess: number;
  };
  readonly "durability-off": { readonly settings: readonly string[] };
  readonly "vacuum-off": object;
  readonly "snapshot-old": {
    readonly kind: "session" | "prepared transaction";
    readonly name: string;
    readonly who: string;
    /** `null` when this user may not see it. */
    readonly ageMs: number | null;
    readonly transactions: number;
  };
  readonly "slot-inactive": {
    readonly name: string;
    readonly bytes: number;
    /** True when it keeps dead rows as well. */
    readonly pins: boolean;
  };
  readonly "live-bloated": {
    readonly jobs: number;
    readonly deadRows: number;
    readonly indexBytes: number;
  };
  readonly "file-replaced": { readonly path: string };
  readonly "network-file-system": { readonly path: string; readonly network: string };
  readonly "wal-large": { readonly path: string; readonly walBytes: number };
  readonly "wakeups-dead": { readonly why: string };
  /** From 0 to 1. */
  readonly "notify-queue-full": { readonly share: number };
  readonly "worker-silent": {
    readonly worker: string;
    readonly host: string;
    readonly pid: number;
    readonly lastBeatMs: number;
    readonly leaseMs: number;
  };
  readonly "worker-lagging": {
    readonly worker: string;
    readonly host: string;
    readonly pid: number;
    readonly lagMs: number;
  };
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
