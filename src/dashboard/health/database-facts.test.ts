import { expect, test } from "vitest";
import type { ServerHealth } from "../../core/health-facts.ts";
import { databaseFacts } from "./database-facts.ts";

const schema = { current: 6, latest: 7 };

const server: ServerHealth = {
  user: "app",
  mayTruncate: true,
  connections: [
    { limit: "max_connections", most: 97, used: 10 },
    { limit: "the database's limit", most: 20, used: 9 },
  ],
  perProcess: 14,
  unsafe: [],
  autovacuum: false,
  notifyUsage: 0.25,
  snapshots: [
    { kind: "session", name: "1", who: "psql", ageMs: 5_000, transactions: 3 },
    { kind: "session", name: "2", who: "somebody", ageMs: null, transactions: 3 },
  ],
  idleSlots: [{ name: "old", bytes: 5, pins: true }],
  live: { jobs: 3, deadRows: 40, indexBytes: 8_192 },
};

const shown = (...given: Parameters<typeof databaseFacts>) =>
  Object.fromEntries(databaseFacts(...given).map(({ name, value }) => [name, value]));

test("of a file its size and its log", () => {
  const file = { path: "/a.db", network: null, replaced: false, bytes: 4_096, walBytes: 100 };
  expect(shown({ writable: "busy", server: null, file }, schema)).toEqual({
    migration: 6,
    latestMigration: 7,
    writable: "busy",
    fileBytes: 4_096,
    walBytes: 100,
  });
});

test("of a server the limit that is nearest, the oldest transaction and the space of live jobs", () => {
  expect(shown({ writable: "yes", server, file: null }, schema)).toMatchObject({
    connectionsUsed: 9,
    connectionsMost: 20,
    oldestTransactionMs: 5_000,
    inactiveSlots: 1,
    notifyQueueShare: 0.25,
    autovacuum: "off",
    liveJobs: 3,
    deadRows: 40,
    indexBytes: 8_192,
  });
});

test("what is not known is left out", () => {
  const none = { ...server, connections: [], snapshots: [] };
  const facts = shown({ writable: "yes", server: none, file: null }, schema);
  expect(facts).not.toHaveProperty("connectionsUsed");
  expect(facts).not.toHaveProperty("oldestTransactionMs");
  expect(shown({ writable: "yes", server: null, file: null }, schema)).not.toHaveProperty(
    "walBytes",
  );
});
