import type { FindingFacts } from "./finding-facts.ts";
import type { FindingWords } from "./finding-words.ts";
import { counted, countedUpTo } from "./phrases.ts";

const migrate = 'Run "npx holdfast migrate", or let createClient do it with migrate: true.';
const moreConnections =
  "Raise the limit, lower the connections option of the clients, or put a pooler in front of the database.";

const asAnswered = ({ message }: { readonly message: string }) => message;
const named = (name: string) => JSON.stringify(name);
const userOf = ({ user }: { readonly user: string | null }) => user ?? "this user";

const ofDatabase = {
  "database-unreachable": {
    detail: asAnswered,
    fix: "Check that the server runs and that host, port, network and firewall let this machine through; for a file, check its path and its folder.",
  },
  "database-unusable": {
    detail: ({ error, message }) => `${error}: ${message}`,
    fix: "Do what the message says, then ask the doctor again: it could not look at everything.",
  },
  "database-read-only": {
    detail: ({ message }) => message ?? "Every enqueue, claim and settlement is refused.",
    fix: "Connect to the primary, or take default_transaction_read_only back; for a file, give this user the right to write it and its folder.",
  },
  "writer-held": {
    detail: () =>
      "Another process has had a write transaction open on this file for a second or longer; nobody else can write meanwhile.",
    fix: "Find the process that keeps it open (lsof names those that have the file open) and make its transactions short.",
  },
  "schema-out-of-date": {
    detail: (facts) =>
      "message" in facts
        ? facts.message
        : `It is at migration ${facts.current}; this code has ${facts.latest}.`,
    fix: migrate,
  },
  "schema-too-new": { detail: asAnswered, fix: "Upgrade holdfast in this application." },
  "schema-changed": {
    detail: asAnswered,
    fix: "Restore the released version of holdfast, or of your copy of the migration; applied steps are never edited.",
  },
  "schema-incomplete": {
    detail: ({ missing }, { list }) =>
      `All migrations are written down as applied, but there is no valid ${list(missing)}.`,
    fix: 'Restore what was removed: "npx holdfast migrate --plan" on an empty database prints the SQL of every step. For an index, build it again with that SQL.',
  },
  "permission-missing": {
    detail: (facts, { list }) => `${userOf(facts)} lacks ${list(facts.lacking)}.`,
    fix: (facts) =>
      `Grant it to ${userOf(facts)}: USAGE on the schema, SELECT, INSERT, UPDATE and DELETE on all its tables, USAGE and SELECT on its sequences, EXECUTE on its functions.`,
  },
  "migrate-forbidden": {
    detail: (facts) => `Migrations are pending, and ${userOf(facts)} may not create tables there.`,
    fix: "Run the migrations as the owner of the schema.",
  },
  "truncate-forbidden": {
    detail: (facts) =>
      `${userOf(facts)} may not TRUNCATE live_0 to live_3, so their space is given back by vacuum alone, and not while an old snapshot is open.`,
    fix: (facts) => `GRANT TRUNCATE ON the tables live_0 to live_3 TO ${userOf(facts)}.`,
  },
  "clock-skewed": {
    detail: ({ aheadMs }, { duration }) =>
      `This machine's clock is ${duration(Math.abs(aheadMs))} ${aheadMs > 0 ? "ahead of" : "behind"} the database's. Holdfast goes by the database's, so jobs are not affected; times your code takes from its own clock are.`,
    fix: "Let a time service (NTP) set the clocks of this machine and of the database's.",
  },
} as const satisfies Partial<FindingWords>;

const ofServer = {
  "connections-scarce": {
    detail: ({ used, most, limit }) =>
      `${used} of the ${most} connections that ${limit} allows are in use.`,
    fix: moreConnections,
  },
  "connections-overbooked": {
    detail: ({ processes, perProcess, limit, most }) =>
      `${processes} processes with workers may open ${perProcess} connections each, ${processes * perProcess} in all; ${limit} allows ${most}.`,
    fix: moreConnections,
  },
  "durability-off": {
    detail: ({ settings }, { list }) =>
      `The server runs with ${list(settings)}: a job may be gone although enqueue has answered.`,
    fix: "Set fsync, full_page_writes and synchronous_commit to on, unless this database may be lost.",
  },
  "vacuum-off": {
    detail: () => "The server runs with autovacuum = off.",
    fix: "Set autovacuum to on. Holdfast's tables have their own thresholds.",
  },
  "snapshot-old": {
    detail: ({ kind, name, who, ageMs, transactions }, { duration }) =>
      `The ${kind} ${name} (${who}) has held a snapshot ${ageMs === null ? "for a time this user may not see" : `for ${duration(ageMs)}`}, over ${counted(transactions, "transaction", "transactions")}. Rows that died since then cannot be removed.`,
    fix: releaseSnapshot,
  },
  "slot-inactive": {
    detail: ({ name, bytes: kept, pins }, { bytes }) =>
      `The replication slot ${name} has no reader and keeps ${bytes(kept)} of write-ahead log${pins ? ", and dead rows with it" : ""}.`,
    fix: ({ name }) =>
      `Start its reader again, or remove it with pg_drop_replication_slot('${quoted(name)}').`,
  },
  "live-bloated": {
    detail: ({ jobs, deadRows, indexBytes }, { bytes }) =>
      `It has ${jobs} jobs, ${deadRows} dead rows and ${bytes(indexBytes)} of indexes.`,
    fix: "See who holds an old snapshot (snapshot-old) or an open transaction that has enqueued, and whether the ring may be truncated (truncate-forbidden). When that is over, the workers give the space back within minutes.",
  },
  "wakeups-dead": {
    detail: ({ why }) =>
      `A wakeup sent to itself did not arrive: ${why}. Polling finds the work all the same, later.`,
    fix: "On PostgreSQL, let LISTEN have a direct connection: no transaction pooler and no proxy that cuts idle connections in between. On SQLite, let this user create and write the marker file beside the database.",
  },
  "notify-queue-full": {
    detail: ({ share }, { percent }) =>
      `It is ${percent(share)} full: a session that has sent LISTEN sits in an open transaction and reads nothing. Once it is full every NOTIFY on this server fails; Holdfast stops sending its own before.`,
    fix: "End that session's transaction: see those that are idle in transaction in pg_stat_activity.",
  },
} as const satisfies Partial<FindingWords>;

const quoted = (name: string) => name.replaceAll("'", "''");

function releaseSnapshot({ kind, name }: FindingFacts["snapshot-old"]): string {
  return kind === "session"
    ? `End the transaction in the application, or with pg_terminate_backend(${name}); set idle_in_transaction_session_timeout so that it cannot come again.`
    : `COMMIT PREPARED or ROLLBACK PREPARED '${quoted(name)}'.`;
}

const ofFile = {
  "file-replaced": {
    detail: ({ path }) =>
      `${path} was removed, moved or replaced while this process has it open: what is written now goes to a file nobody will open again.`,
    fix: "Stop every process that uses the file, put the right one in its place, and start them again.",
  },
  "network-file-system": {
    detail: ({ path, network }) =>
      `${path} is on ${network}. File locks there are not reliable enough for SQLite, and several processes can damage the file.`,
    fix: "Move the file to a local disk, or use PostgreSQL for jobs shared by several machines.",
  },
  "wal-large": {
    detail: ({ path, walBytes }, { bytes }) =>
      `${path}-wal has ${bytes(walBytes)}. It shrinks only when nobody reads an older state of the file.`,
    fix: "Find the connection that keeps a read transaction open, often a forgotten cursor or a backup tool, and end it. Closing the last connection empties the log too.",
  },
} as const satisfies Partial<FindingWords>;

const ofWorkers = {
  "worker-silent": {
    detail: ({ worker, pid, host, lastBeatMs, leaseMs }, { duration }) =>
      `Worker ${worker} (process ${pid} on ${host}) beat ${duration(lastBeatMs)} ago; its lease is ${duration(leaseMs)}.`,
    fix: "See whether the process lives and reaches the database. Once its lease is over, any other worker declares it dead and rescues its jobs; with no other worker nobody does, so start one.",
  },
  "worker-lagging": {
    detail: ({ worker, pid, host, lagMs }, { duration }) =>
      `The main loop of worker ${worker} (process ${pid} on ${host}) was late by ${duration(lagMs)} between its last two heartbeats.`,
    fix: "Find the handler that computes for so long without a pause, and let it run in a thread or child process (holdfast/process); or lower the concurrency.",
  },
  "maintenance-failing": {
    detail: ({ worker, pass, error }) =>
      `The last run of ${named(pass)} of worker ${worker} failed: ${error}`,
    fix: "It is tried again by itself, and by every other worker. If it goes on, do what the error says.",
  },
  "jobs-abandoned": {
    detail: (left) =>
      `${countedUpTo(left, "job was", "jobs were")} left running by workers that are gone, and no live worker is there to rescue them.`,
    fix: "Start a worker, of any queue.",
  },
} as const satisfies Partial<FindingWords>;

const ofWork = {
  "queue-unserved": {
    detail: (waiting) =>
      `${countedUpTo(waiting, "job waits", "jobs wait")} in ${named(waiting.queue)}, and no worker takes jobs of it.`,
    fix: "Start a worker with a handler of that queue, or name the queue in the queues option of one. Workers that drain, or were silent for longer than their lease, take none.",
  },
  "handler-missing": {
    detail: ({ name, queue, workers, known, version, ...waiting }, { list }) =>
      `${countedUpTo(waiting, "job", "jobs")} ${named(name)} wait in ${named(queue)}, and none of the workers there (${list(workers)}) ${known ? `understands version ${version} of their payload` : "has their handler"}.`,
    fix: "Deploy a worker that has the handler and the newest definition; jobs nobody needs are cancelled by id.",
  },
  "jobs-overdue": {
    detail: (due, { duration }) =>
      `${countedUpTo(due, "job is", "jobs are")} past due, the first of them for ${duration(due.oldestMs)}.`,
    fix: "Any live worker makes due jobs available, whatever queues it serves: start one, or look into the log of those that run.",
  },
  "ticks-missed": {
    detail: ({ schedule, lateMs }, { duration }) =>
      `${named(schedule)} was to tick ${duration(lateMs)} ago.`,
    fix: "Any live worker fires ticks, whatever queues it serves: start one, or look into the log of those that run.",
  },
  "schedule-failing": {
    detail: ({ schedule, tries, error, message }) =>
      `${named(schedule)} was tried ${counted(tries, "time", "times")} in vain: ${error}: ${message}`,
    fix: "Do what the error says; the tick is tried again by itself. A schedule nobody needs is removed or paused.",
  },
  "key-hot": {
    detail: ({ uses, name, key, spanMs }, { duration }) =>
      `${uses} jobs ${named(name)} of the unique key ${named(key)} came and went within ${duration(Math.max(spanMs, 1_000))}. Each leaves a dead row, which all later uses step over while an old snapshot is open.`,
    fix: "Use unique with a longer period (within), or onConflict replace, so that many calls become one job.",
  },
  "lane-crowded": {
    detail: (line) =>
      `${countedUpTo(line, "job waits", "jobs wait")} in the lane ${named(line.lane)}, and one runs at a time.`,
    fix: "Give the lane a finer key, or let several of its jobs be one batch; cancel those nobody needs.",
  },
} as const satisfies Partial<FindingWords>;

/** What the doctor says. */
export const englishFindings: FindingWords = {
  ...ofDatabase,
  ...ofServer,
  ...ofFile,
  ...ofWorkers,
  ...ofWork,
};
