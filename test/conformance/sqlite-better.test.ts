import { describe } from "vitest";
import { hasBetterSqlite } from "../support/sqlite-handle.ts";
import { proveLaws } from "./law.ts";
import { laws } from "./laws.ts";
import { stress } from "../chaos/support/settings.ts";
import { betterFile, notOnSqlite } from "./sqlite-place.ts";

describe.skipIf(!hasBetterSqlite)("better-sqlite3 13 does not run on Node 20", () => {
  proveLaws(
    { driver: "SQLite by better-sqlite3", skips: notOnSqlite, ...betterFile },
    Object.fromEntries(chapters),
  );
});
