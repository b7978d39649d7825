import { proveLaws } from "./law.ts";
import { laws } from "./laws.ts";
import { historyLaws } from "./model/histories.ts";
import { emptyMemory, freshMemory, notOnSqlite } from "./sqlite-place.ts";

const oneConnection = "a database in memory has one connection, and ends with it";

proveLaws(
  {
    driver: "SQLite in memory",
    skips: {
      ...notOnSqlite,
      "what was stored is there after the storage was closed and opened": oneConnection,
      "closing waits for what is under way": oneConnection,
      "no column of what moves is forgotten": oneConnection,
      "dropping leaves nothing of ours and everything else, and may be done again": oneConnection,
      "what is not committed is not seen from another connection": oneConnection,
      "jobs appear when the application's own connection commits": oneConnection,
      "jobs never were when the application's own connection rolls back": oneConnection,
      "jobs and the application's own rows commit as one": oneConnection,
      "an enqueue leaves the caller's transaction open": oneConnection,
      "a unique key taken in a rolled-back transaction is free": oneConnection,
      "a refused enqueue leaves the caller's transaction usable and stores nothing of itself":
        oneConnection,
      "a connection that is in no transaction is refused": oneConnection,
      "an application's own transaction counts with its commit": oneConnection,
      "what a producer rolls back never was": oneConnection,
      "whole hours are read from rows of their own beside their minutes": oneConnection,
      "a heart opened from its module beats as one on this thread": oneConnection,
      "a heart beats while a transaction holds the one writer": oneConnection,
    },
    empty: () => emptyMemory(),
    fresh: freshMemory,
  },
  { ...laws, histories: historyLaws },
);
