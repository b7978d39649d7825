import { roughDuration } from "./duration.ts";
import { englishFindings } from "./english-findings.ts";
import type { FindingCode, FindingFacts } from "./finding-facts.ts";
import { type FindingSay, sayFinding } from "./finding-words.ts";
import { listed, megabytes } from "./phrases.ts";

/** How bad a finding is: an `error` keeps jobs from being stored or run, a `warning` will hurt or hides something. */
export type FindingLevel = "error" | "warning";

/** What the doctor looks at, in the order it tells of it. */
export const checkNames = [
  "connection",
  "schema",
  "permissions",
  "clock",
  "connections",
  "durability",
  "snapshots",
  "space",
  "file",
  "wakeups",
  "workers",
  "queues",
  "schedules",
  "keys",
] as const;

/** One thing the doctor looks at. */
export type CheckName = (typeof checkNames)[number];

interface FindingEntry {
  readonly check: CheckName;
  readonly level: FindingLevel;
  readonly title: string;
}

const entry = (check: CheckName, level: FindingLevel, title: string): FindingEntry => ({
  check,
  level,
  title,
});

/** Everything the doctor can find. `docs/doctor.md` explains each, and a test keeps both lists the same. */
export const findingCatalogue = {
  "database-unreachable": entry("connection", "error", "The database cannot be reached"),
  "database-unusable": entry("connection", "error", "The database refuses what Holdfast asks"),
  "database-read-only": entry("connection", "error", "The database takes no writes"),
  "writer-held": entry("connection", "warning", "Another process holds the file's one writer"),
  "schema-out-of-date": entry("schema", "error", "The schema is older than this code"),
  "schema-too-new": entry("schema", "error", "The schema is too new for this code"),
  "schema-changed": entry("schema", "error", "A migration was applied with another content"),
  "schema-incomplete": entry("schema", "error", "Parts of the schema are missing"),
  "permission-missing": entry("permissions", "error", "This user lacks a right it needs"),
  "migrate-forbidden": entry(
    "permissions",
    "error",
    "This user may not bring the schema up to date",
  ),
  "truncate-forbidden": entry("permissions", "warning", "This user may not truncate the ring"),
  "clock-skewed": entry("clock", "warning", "This machine's clock differs from the database's"),
  "connections-scarce": entry("connections", "warning", "Few connections are left"),
  "connections-overbooked": entry(
    "connections",
    "warning",
    "The workers may open more connections than there are",
  ),
  "durability-off": entry(
    "durability",
    "warning",
    "A crash of the server may lose acknowledged jobs",
  ),
  "vacuum-off": entry("durability", "warning", "Nothing removes dead rows"),
  "snapshot-old": entry("snapshots", "warning", "An old snapshot keeps dead rows alive"),
  "slot-inactive": entry("snapshots", "warning", "Nobody reads a replication slot"),
  "live-bloated": entry("space", "warning", "The table of live jobs is full of dead rows"),
  "file-replaced": entry("file", "error", "The file that is open is no longer at its path"),
  "network-file-system": entry("file", "error", "The file is on a network file system"),
  "wal-large": entry("file", "warning", "The write-ahead log is large"),
  "wakeups-dead": entry("wakeups", "warning", "Wakeups do not arrive"),
  "notify-queue-full": entry("wakeups", "warning", "The server's queue of notifications fills up"),
  "worker-silent": entry("workers", "warning", "A worker has sent no heartbeat for long"),
  "worker-lagging": entry("workers", "warning", "A worker's main loop stands still for long"),
  "maintenance-failing": entry("workers", "warning", "A pass of the maintenance fails"),
  "jobs-abandoned": entry(
    "workers",
    "warning",
    "Jobs of dead workers wait for somebody to rescue them",
  ),
  "queue-unserved": entry("queues", "warning", "No worker serves a queue in which jobs wait"),
  "handler-missing": entry("queues", "warning", "No worker can run jobs that wait"),
  "jobs-overdue": entry("queues", "warning", "Jobs are due and nobody makes them available"),
  "ticks-missed": entry("schedules", "warning", "Nobody fires a schedule that is due"),
  "schedule-failing": entry("schedules", "warning", "The ticks of a schedule make no jobs"),
  "key-hot": entry("keys", "warning", "One unique key is used many times a second"),
  "lane-crowded": entry("keys", "warning", "Many jobs wait in one lane"),
} as const satisfies Readonly<Record<FindingCode, FindingEntry>>;

/** One thing the doctor found, and what to do about it. */
export type Finding = { readonly [Code in FindingCode]: FindingOf<Code> }[FindingCode];

/** A finding of one kind. */
export interface FindingOf<Code extends FindingCode> {
  readonly code: Code;
  readonly check: CheckName;
  readonly level: FindingLevel;
  /** What is wrong, in a few words that are the same each time. */
  readonly title: string;
  /** What was seen here, with names and numbers. */
  readonly detail: string;
  /** What to do about it. */
  readonly fix: string;
  /** The names and numbers by themselves, for programs and for words of their own. */
  readonly facts: FindingFacts[Code];
}

/** Everything the doctor saw. */
export interface Diagnosis {
  /** True when no finding is an error. */
  readonly healthy: boolean;
  /** Errors first. */
  readonly findings: readonly Finding[];
  /** What was looked at; the rest does not apply to this database, or could not be looked at. */
  readonly checked: readonly CheckName[];
}

const say: FindingSay = {
  duration: roughDuration,
  bytes: megabytes,
  number: String,
  percent: (share) => `${Math.round(share * 100)} %`,
  list: listed,
};

/** A finding of a kind, in English. */
export function finding<Code extends FindingCode>(
  code: Code,
  facts: FindingFacts[Code],
): FindingOf<Code> {
  const words = sayFinding(englishFindings[code], facts, say);
  return { code, ...findingCatalogue[code], ...words, facts };
}
