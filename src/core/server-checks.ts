import { type Check, factsOf } from "./examination.ts";
import { type Finding, finding } from "./finding.ts";
import type { ConnectionBudget } from "./health-facts.ts";

/** From this share of a limit on, connections are scarce. */
const scarceShare = 0.8;

export const checkConnections: Check = ({ health, fleet }) => {
  const server = factsOf(health)?.server;
  if (server === undefined || server === null) return undefined;
  const scarce = server.connections
    .filter(({ used, most }) => used >= most * scarceShare)
    .map((budget) => finding("connections-scarce", budget));
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
  const { limit, most } = tightest;
  return [finding("connections-overbooked", { processes, perProcess, limit, most })];
}

export const checkDurability: Check = ({ health }) => {
  const server = factsOf(health)?.server;
  if (server === undefined || server === null) return undefined;
  const found: Finding[] = [];
  if (server.unsafe.length > 0) {
    found.push(finding("durability-off", { settings: server.unsafe }));
  }
  if (!server.autovacuum) found.push(finding("vacuum-off", {}));
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
    .map((holder) => finding("snapshot-old", holder));
  const idle = server.idleSlots.map((slot) => finding("slot-inactive", slot));
  return [...old, ...idle];
};

/** Indexes larger than this, and than so many bytes for each job, are more holes than entries. */
const largeIndexBytes = 268_435_456;
const bytesPerJob = 4_096;

export const checkSpace: Check = ({ health }, { deadRows: most }) => {
  const live = factsOf(health)?.server?.live;
  if (live === undefined) return undefined;
  const { jobs, deadRows, indexBytes } = live;
  const hollow = indexBytes >= largeIndexBytes && indexBytes > jobs * bytesPerJob;
  if (deadRows < most && !hollow) return [];
  return [finding("live-bloated", live)];
};
