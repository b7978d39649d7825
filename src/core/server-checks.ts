import { roughDuration } from "./duration.ts";
import { type Check, factsOf } from "./examination.ts";
import { type Finding, finding } from "./finding.ts";
import type { ConnectionBudget, SnapshotHolder } from "./health-facts.ts";
import { counted, listed, megabytes } from "./phrases.ts";

/** From this share of a limit on, connections are scarce. */
const scarceShare = 0.8;

export const checkConnections: Check = ({ health, fleet }) => {
  const server = factsOf(health)?.server;
  if (server === undefined || server === null) return undefined;
  const scarce = server.connections
    .filter(({ used, most }) => used >= most * scarceShare)
    .map(({ limit, used, most }) =>
      finding(
        "connections-scarce",
        `${used} of the ${most} connections that ${limit} allows are in use.`,
        "Raise the limit, lower the connections option of the clients, or put a pooler in front of the database.",
      ),
    );
  const processes = new Set(
    (factsOf(fleet)?.workers ?? []).map(({ host, pid }) => `${pid} ${host}`),
  ).size;
  return [...scarce, ...overbooked(server.connections, processes, server.perProcess)];
};

function overbooked(
  budgets: readonly ConnectionBudget[],
  processes: number,
  perProcess: number,
): readonly Finding[] {
  const tightest = budgets.toSorted((a, b) => a.most - b.most)[0];
  if (tightest === undefined || processes * perProcess <= tightest.most) return [];
  return [
    finding(
      "connections-overbooked",
      `${processes} processes with workers may open ${perProcess} connections each, ${processes * perProcess} in all; ${tightest.limit} allows ${tightest.most}.`,
      "Raise the limit, lower the connections option of the clients, or put a pooler in front of the database.",
    ),
  ];
}

export const checkDurability: Check = ({ health }) => {
  const server = factsOf(health)?.server;
  if (server === undefined || server === null) return undefined;
  const found: Finding[] = [];
  if (server.unsafe.length > 0) {
    found.push(
      finding(
        "durability-off",
        `The server runs with ${listed(server.unsafe)}: a job may be gone although enqueue has answered.`,
        "Set fsync, full_page_writes and synchronous_commit to on, unless this database may be lost.",
      ),
    );
  }
  if (!server.autovacuum) {
    found.push(
      finding(
        "vacuum-off",
        "The server runs with autovacuum = off.",
        "Set autovacuum to on. Holdfast's tables have their own thresholds.",
      ),
    );
  }
  return found;
};

/** Of another user's transaction one may not see the age: so many others later it is old as well. */
const manyTransactions = 100_000;

export const checkSnapshots: Check = ({ health }, { snapshotAgeMs }) => {
  const server = factsOf(health)?.server;
  if (server === undefined || server === null) return undefined;
  const old = server.snapshots
    .filter(({ ageMs, transactions }) =>
      ageMs === null ? transactions >= manyTransactions : ageMs >= snapshotAgeMs,
    )
    .map((holder) => finding("snapshot-old", describe(holder), release(holder)));
  const idle = server.idleSlots.map(({ name, bytes, pins }) =>
    finding(
      "slot-inactive",
      `The replication slot ${name} has no reader and keeps ${megabytes(bytes)} of write-ahead log${pins ? ", and dead rows with it" : ""}.`,
      `Start its reader again, or remove it with pg_drop_replication_slot('${name.replaceAll("'", "''")}').`,
    ),
  );
  return [...old, ...idle];
};

function describe({ kind, name, who, ageMs, transactions }: SnapshotHolder): string {
  const since = ageMs === null ? "for a time this user may not see" : `for ${roughDuration(ageMs)}`;
  return `The ${kind} ${name} (${who}) has held a snapshot ${since}, over ${counted(transactions, "transaction", "transactions")}. Rows that died since then cannot be removed.`;
}

function release({ kind, name }: SnapshotHolder): string {
  return kind === "session"
    ? `End the transaction in the application, or with pg_terminate_backend(${name}); set idle_in_transaction_session_timeout so that it cannot come again.`
    : `COMMIT PREPARED or ROLLBACK PREPARED '${name.replaceAll("'", "''")}'.`;
}

/** Indexes larger than this, and than so many bytes for each job, are more holes than entries. */
const largeIndexBytes = 268_435_456;
const bytesPerJob = 4_096;

export const checkSpace: Check = ({ health }, { deadRows: most }) => {
  const live = factsOf(health)?.server?.live;
  if (live === undefined) return undefined;
  const { jobs, deadRows, indexBytes } = live;
  const hollow = indexBytes >= largeIndexBytes && indexBytes > jobs * bytesPerJob;
  if (deadRows < most && !hollow) return [];
  return [
    finding(
      "live-bloated",
      `It has ${jobs} jobs, ${deadRows} dead rows and ${megabytes(indexBytes)} of indexes.`,
      "See who holds an old snapshot (snapshot-old) or an open transaction that has enqueued, and whether the ring may be truncated (truncate-forbidden). When that is over, the workers give the space back within minutes.",
    ),
  ];
};
